import { InputError } from '../../base/errors.ts';
import type { Job } from '../../base/progress.ts';
import type { ItemRow, Snapshot } from '../../dataset/snapshot.ts';
import { builtInEncoder } from '../builtIn.ts';
import { defaultSource } from '../defaultSource.ts';
import type { UnreadableItem } from '../embeddingSet.ts';
import { storedOrEncoded } from '../encodeBySource.ts';
import { nameOfEncoder } from '../encoderChoice.ts';
import type { MediaInputs } from '../media/mediaEncoding.ts';
import { mediaEncodingOf, mediaSetOf } from '../media/readMedia.ts';
import type { MediaReader } from '../models/encodeByModel.ts';
import { VECTORS } from '../vectors.ts';
import type { NetworkSide, RunNetwork } from './runNetwork.ts';

/** Items that are sent to the network and stored together. */
const BATCH = { embeddings: 1024, media: 64, patches: 64 } as const;

/** What a network sees of the items of one modality, which may lie in an open file. Whoever opens it closes it. */
interface NetworkInputs extends MediaReader {
  close(): void;
}

/** The arrays of some items: row i is of item `ids[i]`. */
interface Arrays {
  readonly ids: readonly string[];
  readonly unreadable: readonly UnreadableItem[];
  row(row: number): Float32Array;
  close(): void;
}

/**
 * What a side of a network was trained to see, of the items of a snapshot: computed where it is not stored.
 * @throws InputError when the network cannot read them, because it was trained on what another encoder gave.
 */
export async function openNetworkInputs(
  snapshot: Snapshot,
  { run, inputs }: Pick<RunNetwork, 'run' | 'inputs'>,
  side: NetworkSide,
  job: Job,
): Promise<NetworkInputs> {
  const opening =
    inputs === 'embeddings' ? embeddings(snapshot, run, side, job) : media(snapshot, run, side, inputs, job);
  const { ids, unreadable, row, close } = await opening;
  const rows = new Map(ids.map((id, at) => [id, at]));
  const sentences = new Map(unreadable.map(({ item, sentence }) => [item, sentence]));
  return {
    batch: BATCH[inputs],
    concurrency: 1,
    async read({ id }: ItemRow) {
      const at = rows.get(id);
      if (at === undefined) throw new InputError(sentences.get(id) ?? `${id} cannot be read: index the dataset again.`);
      return { kind: 'array', values: row(at) };
    },
    close,
  };
}

async function media(
  snapshot: Snapshot,
  run: string,
  side: NetworkSide,
  inputs: MediaInputs,
  job: Job,
): Promise<Arrays> {
  const { name, version, shape } = await mediaEncodingOf(snapshot, side.modality, inputs);
  requireSame(run, side, `${name} ${version}`, shape);
  const { ids, unreadable, gather, close } = await mediaSetOf(snapshot, side.modality, inputs, job);
  return { ids, unreadable, row: (at) => gather([at]), close };
}

async function embeddings(snapshot: Snapshot, run: string, side: NetworkSide, job: Job): Promise<Arrays> {
  const { modality } = side;
  const usual = await defaultSource(snapshot, modality);
  const source = usual === VECTORS ? usual : (builtInEncoder(modality, nameOfEncoder(side.encoder)) ?? usual);
  const { ids, unreadable, dimensions, vectors, fitted, contents } = await storedOrEncoded(
    source,
    snapshot,
    modality,
    job,
  );
  requireSame(run, side, `${source.name} ${source.version}`, [dimensions]);
  if (fitted.items > 0 && contents !== side.contents) throw otherItems(snapshot, run, side);
  return { ids, unreadable, row: (at) => vectors.subarray(at * dimensions, (at + 1) * dimensions), close() {} };
}

function requireSame(
  run: string,
  { modality, encoder, shape }: NetworkSide,
  now: string,
  shapeNow: readonly number[],
): void {
  if (encoder === now && shape.join() === shapeNow.join()) return;
  const [trained, given] = [`${encoder} (${shape.join(' × ')})`, `${now} (${shapeNow.join(' × ')})`];
  throw new InputError(
    `The network of ${run} was trained on what ${trained} gives of ${modality} items, and these are encoded by ${given}. Encode the dataset that it was trained on, or train a new run.`,
  );
}

/** A built-in encoder is fitted on the items: of others it makes vectors of another meaning. */
function otherItems({ dataset }: Snapshot, run: string, { modality, encoder }: NetworkSide): InputError {
  return new InputError(
    `The network of ${run} was trained on vectors of ${encoder}, which is fitted on the ${modality} items, and the items of ${dataset.name} are others than they were then. Run the experiment again and take its new run; with \`inputs: media\` or \`inputs: patches\` a network also encodes other items.`,
  );
}
