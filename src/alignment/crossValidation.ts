import { InputError } from '../base/errors.ts';
import type { Job } from '../base/progress.ts';
import { Random } from '../base/random.ts';
import type { AlignmentReport } from '../protocol.ts';
import {
  type Preview,
  previewBothWays,
  type Ranking,
  rankBothWays,
  rankEachWay,
  strangersBothWays,
} from './foldRanking.ts';
import { assignFolds } from './folds.ts';
import { rankPairsBothWays } from './heldOut.ts';
import type { Side } from './maps/fitWork.ts';
import type { GroupedMoments } from './maps/moments.ts';
import { turnToOneSpace } from './maps/oneSpace.ts';
import type { MapMethod } from './maps/pairMap.ts';
import { momentsOfGroups } from './maps/sumOfGroups.ts';
import type { PairedVectors } from './pairedVectors.ts';
import type { Products } from './products/pool.ts';
import { asUnits, shared } from './products/rows.ts';
import { chooseStrangers } from './strangers.ts';

export interface CrossValidation extends Ranking {
  readonly folds: number;
  /** Of the pairs of every fold, from which further maps can be fitted. */
  readonly moments: GroupedMoments;
}

export interface ValidationOptions {
  readonly folds: number;
  readonly seed: number;
  readonly relevance: AlignmentReport['relevance'];
  /** Ridge by default: it maps each space to the other. The others map both to one space. */
  readonly method?: MapMethod;
  /** Ranks of some items that are told first. */
  readonly preview?: Preview | undefined;
}

/**
 * For each fold, maps between the spaces are fitted on the other folds, and the held-out pairs are ranked among
 * themselves. The next fold chooses a map's strength; the held-out one has no say. Throws `InputError` when the pairs
 * cannot be split because they share items.
 */
export async function crossValidate(
  products: Products,
  data: PairedVectors,
  { folds: wanted, seed, relevance, method = 'ridge', preview }: ValidationOptions,
  job: Job = {},
): Promise<CrossValidation> {
  const random = Random.of(seed, 'alignment folds');
  const { foldOf, folds } = assignFolds(data.firstOf, data.secondOf, wanted, random);
  if (folds < 2) {
    throw new InputError(
      `All ${data.pairs.length} pairs are connected through shared items, so none can be held out. Alignment needs pairs that do not share items.`,
    );
  }
  const spaces = { ...data, first: shared(data.first), second: shared(data.second) };
  const moments = await momentsOfGroups(
    products,
    {
      x: { matrix: spaces.first, listed: data.firstOf },
      y: { matrix: spaces.second, listed: data.secondOf },
      groupOf: foldOf,
      groups: folds,
    },
    job,
  );
  const sides: Side[] = method === 'ridge' ? ['forward', 'backward'] : ['forward'];
  const units = folds * sides.length;
  const fitted = (await products.run('fitMaps', { method, moments, sides }, units, 'fitting maps', job)).flat();
  // The other methods map into a space of the data itself.
  const maps = method === 'cca' ? turnToOneSpace(fitted, moments) : fitted;
  const strangers = chooseStrangers(foldOf, seed);
  const folded = { data: spaces, foldOf, folds, maps, relevance, strangers, preview };
  const rank = method === 'ridge' ? rankEachWay : rankBothWays;
  return { folds, moments, ...(await rank(products, folded, job)) };
}

/** Ranks all pairs among all others in a space that both sides share already: nothing is fitted, so nothing is held out. */
export async function rankShared(
  products: Products,
  data: PairedVectors,
  { relevance, seed, preview }: Pick<ValidationOptions, 'relevance' | 'seed' | 'preview'>,
  job: Job = {},
): Promise<Ranking> {
  const mapped = {
    first: asUnits({ matrix: shared(data.first) }),
    second: asUnits({ matrix: shared(data.second) }),
  };
  const inSpace = { ...data, ...mapped };
  const all = Uint32Array.from(data.firstOf.keys());
  const foldOf = new Uint32Array(all.length);
  await previewBothWays(products, inSpace, { foldOf, folds: 1, relevance, preview }, job);
  const strangers = strangersBothWays(inSpace, chooseStrangers(foldOf, seed));
  return { ...(await rankPairsBothWays(products, inSpace, all, relevance, job)), mapped, strangers };
}
