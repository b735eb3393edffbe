/** A member of an archive to be made: its header can be spoilt on purpose. */
export interface Member {
  readonly name: string;
  readonly content?: string | Uint8Array;
  /** The letter of its type. */
  readonly type?: string;
  /** What the size field says instead of the truth. */
  readonly size?: Buffer;
  readonly prefix?: string;
  readonly magic?: string;
}

const BLOCK = 512;

/** The bytes of a tar archive, byte for byte as POSIX has it; without its two empty blocks when it has no `end`. */
export function tarOf(members: readonly (Member | readonly [string, string | Uint8Array])[], end = true): Buffer {
  const blocks = members.flatMap((member) => {
    const { content = '', ...rest } = 'name' in member ? member : { name: member[0], content: member[1] };
    const body = Buffer.from(content);
    return [headerOf({ ...rest, content }, body.length), body, Buffer.alloc(-body.length & (BLOCK - 1))];
  });
  return Buffer.concat(end ? [...blocks, Buffer.alloc(2 * BLOCK)] : blocks);
}

/** A PAX header ("x" or "g") with these records. */
export function pax(records: Readonly<Record<string, string>>, type = 'x'): Member {
  const lines = Object.entries(records).map(([key, value]) => {
    const rest = Buffer.byteLength(` ${key}=${value}\n`);
    let length = rest + 1;
    while (String(length).length + rest !== length) length++;
    return `${length} ${key}=${value}\n`;
  });
  return { name: '././@PaxHeader', type, content: lines.join('') };
}

/** A size field in base 256, as GNU tar writes sizes of 8 GiB and more. */
export function base256(size: number): Buffer {
  const field = Buffer.alloc(12);
  field.writeBigUInt64BE(BigInt(size), 4);
  field[0] = 0x80;
  return field;
}

function headerOf(member: Member, length: number): Buffer {
  const block = Buffer.alloc(BLOCK);
  block.write(member.name, 0, 100);
  block.write('0000644\0', 100);
  block.write(`${length.toString(8).padStart(11, '0')}\0`, 124);
  member.size?.copy(block, 124);
  block.write('00000000000\0', 136);
  block.write(' '.repeat(8), 148);
  block.write(member.type ?? '0', 156);
  block.write(member.magic ?? 'ustar\x0000', 257);
  block.write(member.prefix ?? '', 345);
  const sum = block.reduce((total, byte) => total + byte, 0);
  block.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
  return block;
}
