import { ContainerError } from './containerError.ts';
import { InflatingReader } from './inflating.ts';
import { RegularFile, type Source } from './source.ts';

/** Bytes that stay after they were read, so that the items of a pair can be read in any order. */
const KEPT_BYTES = 8 * 1024 * 1024;
const MAX_OPEN = 2;

/** True for the names of gzipped tar archives. */
export function isGzip(path: string): boolean {
  return /\.(tar\.gz|tgz)$/i.test(path);
}

/** An archive that items are being read from: where its inflation stands. */
interface Cursor {
  readonly changed: number;
  reader: InflatingReader;
  /** Ends with the read that is going on: one stream serves one read at a time. */
  turn: Promise<unknown>;
}

/** The archives read last, the latest one last. */
const cursors = new Map<string, Cursor>();

/**
 * The slice [begin, begin + length) of what a gzipped archive inflates to. Reading forward continues where the last read
 * of the archive ended; reading back further than 8 MiB inflates it again from its start. Throws {@link ContainerError}.
 */
export function openGzipSlice(path: string, begin: number, length: number): Source {
  return {
    size: length,
    read: async (from, wanted) => {
      const bytes = await readInflated(path, begin + from, Math.max(0, Math.min(wanted, length - from)));
      return Buffer.from(bytes);
    },
    close: () => {},
  };
}

async function readInflated(path: string, from: number, length: number): Promise<Buffer> {
  const cursor = cursorOf(path);
  const read = cursor.turn.then(async () => {
    if (from < cursor.reader.begin) {
      cursor.reader.close();
      cursor.reader = new InflatingReader({ path, format: 'gzip' }, KEPT_BYTES);
    }
    const bytes = await cursor.reader.read(from, length);
    if (bytes.length === length) return bytes;
    const fault = `${cursor.reader.fault ?? 'is shorter than when it was indexed'}: copy it again, then index again.`;
    throw new ContainerError('broken-archive', path, fault);
  });
  cursor.turn = read.catch(() => {});
  return await read;
}

function cursorOf(path: string): Cursor {
  const { changed } = statOf(path);
  const known = cursors.get(path);
  cursors.delete(path);
  const cursor =
    known?.changed === changed
      ? known
      : { changed, reader: new InflatingReader({ path, format: 'gzip' }, KEPT_BYTES), turn: Promise.resolve() };
  if (known !== cursor) known?.reader.close();
  cursors.set(path, cursor);
  for (const [other, { reader }] of cursors) {
    if (cursors.size <= MAX_OPEN) break;
    cursors.delete(other);
    reader.close();
  }
  return cursor;
}

function statOf(path: string): RegularFile {
  const file = new RegularFile(path);
  file.close();
  return file;
}
