/** What Thrift's compact protocol writes: a number by its field's type, a text or bytes, a list, a struct by field ids. */
type Thrift = { i32: number } | { i64: number } | { bytes: Uint8Array | string } | { list: Thrift[] } | Struct;
interface Struct {
  readonly fields: Readonly<Record<number, Thrift>>;
}

const BYTE_ARRAY = 6;
const PLAIN = 0;
const RLE = 3;
const DICTIONARY = 8;

/** The media of a row as Hugging Face stores them; `undefined` is NULL. */
export type Media = { readonly bytes?: Uint8Array | undefined; readonly path?: string | undefined } | undefined;

/**
 * A Parquet file with one column, the struct `image {bytes, path}`, in one row group of many pages, as PyArrow writes it
 * (DuckDB writes one large page): uncompressed, the paths by way of a dictionary.
 */
export function parquetOf(rows: readonly Media[], rowsPerPage: number, notes: Record<string, string> = {}): Buffer {
  const parts: Buffer[] = [Buffer.from('PAR1')];
  const place = (): number => parts.reduce((sum, part) => sum + part.length, 0);
  const bytes = columnOf(parts, place(), 'bytes', rows, rowsPerPage, (media) => media?.bytes);
  const path = columnOf(
    parts,
    place(),
    'path',
    rows,
    rowsPerPage,
    (media) => media?.path && Buffer.from(media.path),
    true,
  );
  const element = (name: string, fields: Record<number, Thrift>): Struct => ({
    fields: { ...fields, 4: { bytes: name } },
  });
  const leaf = { 1: { i32: BYTE_ARRAY }, 3: { i32: 1 } };
  const size = { i64: place() };
  const footer = encode({
    fields: {
      1: { i32: 1 },
      2: {
        list: [
          element('schema', { 5: { i32: 1 } }),
          element('image', { 3: { i32: 1 }, 5: { i32: 2 } }),
          element('bytes', leaf),
          element('path', { ...leaf, 6: { i32: 0 } }),
        ],
      },
      3: { i64: rows.length },
      4: { list: [{ fields: { 1: { list: [bytes, path] }, 2: size, 3: { i64: rows.length } } }] },
      5: {
        list: Object.entries(notes).map(([key, value]) => ({ fields: { 1: { bytes: key }, 2: { bytes: value } } })),
      },
    },
  });
  const length = Buffer.alloc(4);
  length.writeUInt32LE(footer.length);
  return Buffer.concat([...parts, footer, length, Buffer.from('PAR1')]);
}

function columnOf(
  parts: Buffer[],
  begin: number,
  name: string,
  rows: readonly Media[],
  rowsPerPage: number,
  bytesIn: (media: Media) => Uint8Array | undefined | '',
  hasDictionary = false,
): Struct {
  const pages: Buffer[] = [];
  const words = [...new Set(rows.map(bytesIn).map((value) => Buffer.from(value || '').toString('hex')))];
  if (hasDictionary) {
    const body = Buffer.concat(words.map((word) => plain(Buffer.from(word, 'hex'))));
    pages.push(pageOf(2, body, 7, { 1: { i32: words.length }, 2: { i32: PLAIN } }));
  }
  const dictionaryLength = pages.reduce((sum, page) => sum + page.length, 0);
  for (let first = 0; first < rows.length; first += rowsPerPage) {
    const page = rows.slice(first, first + rowsPerPage);
    const levels = Buffer.concat(
      page.map((media) => run(media === undefined ? 0 : bytesIn(media) === undefined ? 1 : 2)),
    );
    const values = page.map(bytesIn).filter((value) => value !== undefined && value !== '');
    const numbers = values.map((value) => words.indexOf(Buffer.from(value || '').toString('hex')));
    const data = hasDictionary
      ? [Buffer.from([8]), ...numbers.map(run)]
      : values.map((value) => plain(Buffer.from(value || '')));
    const length = Buffer.alloc(4);
    length.writeUInt32LE(levels.length);
    const encoding = { i32: hasDictionary ? DICTIONARY : PLAIN };
    const header = { 1: { i32: page.length }, 2: encoding, 3: { i32: RLE }, 4: { i32: RLE } };
    pages.push(pageOf(0, Buffer.concat([length, levels, ...data]), 5, header));
  }
  parts.push(...pages);
  const size = { i64: pages.reduce((sum, page) => sum + page.length, 0) };
  const details: Record<number, Thrift> = {
    1: { i32: BYTE_ARRAY },
    2: { list: [{ i32: PLAIN }, { i32: RLE }] },
    3: { list: [{ bytes: 'image' }, { bytes: name }] },
    4: { i32: 0 },
    5: { i64: rows.length },
    6: size,
    7: size,
    9: { i64: begin + dictionaryLength },
    ...(hasDictionary && { 11: { i64: begin } }),
  };
  return { fields: { 2: { i64: begin }, 3: { fields: details } } };
}

function pageOf(type: number, body: Buffer, field: number, header: Record<number, Thrift>): Buffer {
  const size = { i32: body.length };
  return Buffer.concat([encode({ fields: { 1: { i32: type }, 2: size, 3: size, [field]: { fields: header } } }), body]);
}

function plain(value: Buffer): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32LE(value.length);
  return Buffer.concat([length, value]);
}

/** One value in the run-length encoding. */
function run(value: number): Buffer {
  return Buffer.from([2, value]);
}

function encode({ fields }: Struct): Buffer {
  let last = 0;
  const parts = Object.entries(fields).map(([id, value]) => {
    const delta = Number(id) - last;
    last = Number(id);
    return Buffer.concat([Buffer.from([(delta << 4) | typeOf(value)]), body(value)]);
  });
  return Buffer.concat([...parts, Buffer.from([0])]);
}

function typeOf(value: Thrift): number {
  if ('i32' in value) return 5;
  if ('i64' in value) return 6;
  if ('bytes' in value) return 8;
  return 'list' in value ? 9 : 12;
}

function body(value: Thrift): Buffer {
  if ('i32' in value) return varint(2 * value.i32);
  if ('i64' in value) return varint(2 * value.i64);
  if ('bytes' in value) return Buffer.concat([varint(Buffer.from(value.bytes).length), Buffer.from(value.bytes)]);
  if (!('list' in value)) return encode(value);
  const { list } = value;
  const type = list[0] === undefined ? 12 : typeOf(list[0]);
  const head = list.length < 15 ? [(list.length << 4) | type] : [0xf0 | type, ...varint(list.length)];
  return Buffer.concat([Buffer.from(head), ...list.map(body)]);
}

function varint(value: number): Buffer {
  const bytes: number[] = [];
  let rest = value;
  for (; rest >= 128; rest = Math.floor(rest / 128)) bytes.push((rest % 128) | 128);
  return Buffer.from([...bytes, rest]);
}
