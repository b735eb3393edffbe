import { InputError } from '../../base/errors.ts';
import { NPY_HEAD_BYTES, parseNpyHeader } from '../../base/npy.ts';
import { RegularFile } from '../../container/source.ts';

/** The uids that a DataComp filter keeps. */
export interface UidSet {
  /** @param uid 32 hexadecimal digits */
  has(uid: string): boolean;
}

const UID_BYTES = 16;
const MAX_BYTES = 1024 * 1024 * 1024;

/**
 * Reads an array of uids, each the upper and the lower 64 bits as two numbers (NumPy's `u8,u8`), sorted, as DataComp's
 * filters write it. Throws {@link InputError}.
 */
export function readUidSet(path: string): UidSet {
  const file = new RegularFile(path);
  try {
    const { descr, shape, begin } = parseNpyHeader(file.readNow(0, NPY_HEAD_BYTES), path);
    const count = shape[0] ?? 0;
    if (!/^\[\('\w+', '<u8'\), \('\w+', '<u8'\)\]$/.test(descr) || shape.length !== 1) {
      throw new InputError(`${path} holds ${descr}, no uids. Save them as numpy.array(uids, dtype="u8,u8").`);
    }
    if (file.size - begin !== count * UID_BYTES || count * UID_BYTES > MAX_BYTES) {
      throw new InputError(`${path} does not hold the ${count} uids that it says. Write the subset again.`);
    }
    const bytes = file.readNow(begin, count * UID_BYTES);
    const uidAt = (index: number): string => wordAt(bytes, index * UID_BYTES) + wordAt(bytes, index * UID_BYTES + 8);
    for (let index = 1; index < count; index++) {
      if (uidAt(index - 1) > uidAt(index)) throw new InputError(`${path} is not sorted. Save numpy.sort(uids).`);
    }
    return { has: (uid) => isAmong(uid.toLowerCase(), count, uidAt) };
  } finally {
    file.close();
  }
}

/** 64 bits as 16 hexadecimal digits. */
function wordAt(bytes: Buffer, at: number): string {
  return bytes.readBigUInt64LE(at).toString(16).padStart(16, '0');
}

function isAmong(uid: string, count: number, uidAt: (index: number) => string): boolean {
  let [low, high] = [0, count];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (uidAt(middle) < uid) low = middle + 1;
    else high = middle;
  }
  return low < count && uidAt(low) === uid;
}
