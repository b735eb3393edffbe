import * as z from 'zod';
import type { Columns } from '../../base/database.ts';
import type { Staging } from '../staging.ts';

const DIGESTS = { row: 'integer', high: 'integer', low: 'integer' } as const satisfies Columns;
const Repeats = z.object({ repeats: z.number(), first: z.number().optional(), last: z.number().optional() });
/** Half precision and sums of a thousand numbers stay within this of a length of 1. */
const UNIT_TOLERANCE = 0.01;

/** What is odd about the vectors of an array as a whole: rows that repeat others, and few that are not of length 1. */
export class VectorHealth {
  readonly #staging: Staging;
  #rows = 0;
  #others = 0;
  #firstOther = 0;

  private constructor(staging: Staging) {
    this.#staging = staging;
  }

  static async begin(staging: Staging): Promise<VectorHealth> {
    await staging.database.dropTable('vector_digests');
    await staging.database.createTable('vector_digests', DIGESTS);
    return new VectorHealth(staging);
  }

  /** @param row counted from 1 */
  add(row: number, vector: Float32Array): void {
    let [squares, high, low] = [0, 1, 2];
    const bits = new Int32Array(vector.buffer, vector.byteOffset, vector.length);
    for (const [index, value] of vector.entries()) {
      squares += value * value;
      high = mixed(high, bits[index] ?? 0, 0x85ebca6b);
      low = mixed(low, bits[index] ?? 0, 0xc2b2ae35);
    }
    this.#rows++;
    this.#staging.database.append('vector_digests', { row, high, low });
    if (Math.abs(Math.sqrt(squares) - 1) <= UNIT_TOLERANCE) return;
    if (this.#others++ === 0) this.#firstOther = row;
  }

  /** Adds a problem for each oddity. @param array as a subject: "image.npy" */
  async end(path: string, array: string, signal: AbortSignal | undefined): Promise<void> {
    const { database } = this.#staging;
    database.flush();
    const [found] = await database.query(
      `SELECT coalesce(sum(count - 1), 0)::INTEGER AS repeats, min(first) AS first, arg_min(last, first) AS last
        FROM (SELECT min(row) AS first, max(row) AS last, count(*) AS count FROM vector_digests
          GROUP BY high, low HAVING count(*) > 1)`,
      {},
      Repeats,
      signal,
    );
    await database.dropTable('vector_digests');
    if (found !== undefined && found.repeats > 0) {
      const sentence = `${found.repeats} of the ${this.#rows} vectors of ${array} repeat others, such as row ${found.last} row ${found.first}: copies count twice in training and inflate retrieval, unless their items are meant to be the same.`;
      this.#staging.problem({ kind: 'exact-duplicate', severity: 'information', where: path, sentence, items: [] });
    }
    if (this.#others > 0 && this.#others < this.#rows / 2) {
      const share = ((100 * this.#others) / this.#rows).toPrecision(2);
      const sentence = `${this.#others} of the ${this.#rows} vectors of ${array} (${share} %) are not of length 1 as the others are, such as row ${this.#firstOther}: normalise all or none.`;
      this.#staging.problem({ kind: 'bad-vector', severity: 'warning', where: path, sentence, items: [] });
    }
  }
}

/** No two values of `bits` give the same, and every bit of them tells in the end. */
function mixed(hash: number, bits: number, factor: number): number {
  const product = Math.imul(hash ^ bits, factor);
  return product ^ (product >>> 15);
}
