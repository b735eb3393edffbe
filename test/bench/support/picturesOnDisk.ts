import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Random } from '../../../src/base/random.ts';
import { loadDataset } from '../../../src/dataset/config.ts';
import { type MediaSet, openMediaSet, storeMediaSet } from '../../../src/embedding/media/mediaSet.ts';

const [MODALITY, NAME, VERSION] = ['image', 'bench', 1] as const;
const DATASET = `name: bench
pairing: { layout: stem, items: { image: "{stem}", text: "{stem}" }, strength: strong }
`;

/** Pictures as tokens on a disk, as an experiment over media reads them; the folder is removed afterwards. */
export async function withPictures<Result>(
  shape: readonly number[],
  count: number,
  use: (pictures: Pick<MediaSet, 'shape' | 'gather' | 'read'> & { readonly rows: number }) => Promise<Result>,
): Promise<Result> {
  const folder = await mkdtemp(join(tmpdir(), 'pairlab-bench-'));
  try {
    await writeFile(join(folder, 'pairlab.yaml'), DATASET);
    const dataset = await loadDataset(folder);
    const made = { modality: MODALITY, encoding: NAME, version: VERSION, contents: NAME, created: '' };
    const record = { ...made, shape: [...shape], unreadable: [] };
    await storeMediaSet(
      dataset,
      record,
      Array.from({ length: count }, (_, item) => `${item}.png`),
      pictures(),
    );
    const set = await openMediaSet(dataset, NAME, { modality: MODALITY, name: NAME, version: VERSION });
    if (set === undefined) throw new Error('the arrays that were just stored do not open');
    try {
      return await use({ ...set, rows: count });
    } finally {
      set.close();
    }
  } finally {
    await rm(folder, { recursive: true });
  }

  async function* pictures(): AsyncGenerator<Float32Array> {
    const random = Random.of(7);
    const size = shape.reduce((product, length) => product * length, 1);
    for (let item = 0; item < count; item++) yield Float32Array.from({ length: size }, () => random.normal());
  }
}
