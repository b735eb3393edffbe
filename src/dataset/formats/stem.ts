import { throwIfCancelled } from '../../base/errors.ts';
import { Modality } from '../../protocol.ts';
import type { StemPairing } from '../config.ts';
import { type Finding, inList, labels, type Place, problemFinding } from './format.ts';
import { fillPattern, keyOf, type Placed, type PlacedFile, placeFiles } from './pattern.ts';

/**
 * Folders by stem: files of different modalities pair when the placeholders of their patterns stand for the same. Several
 * files of one modality with one key are ambiguous; none of them is paired.
 */
export async function* readStems(pairing: StemPairing, place: Place, signal?: AbortSignal): AsyncGenerator<Finding> {
  const { placed, leftOut } = placeFiles(place.files, pairing.items, pairing.stem);
  yield* leftOut.map(problemFinding);
  const groups = new Map<string, PlacedFile[]>();
  for (const file of placed) {
    yield {
      type: 'item',
      item: { id: file.path, modality: file.modality, path: file.path, ...labels(file.placed) },
    };
    const key = keyOf(file.placed);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [file]);
    else group.push(file);
  }
  for (const [key, group] of groups) {
    throwIfCancelled(signal);
    yield* readGroup(pairing, key, group);
  }
}

function* readGroup(pairing: StemPairing, key: string, group: readonly PlacedFile[]): Generator<Finding> {
  const unique: PlacedFile[] = [];
  const missing: Modality[] = [];
  for (const name of Object.keys(pairing.items)) {
    const modality = Modality.parse(name);
    const candidates = group.filter((file) => file.modality === modality);
    const [only, another] = candidates;
    if (only === undefined) missing.push(modality);
    else if (another === undefined) unique.push(only);
    else yield ambiguous(key, candidates, modality);
  }
  for (const [index, first] of unique.entries()) {
    for (const second of unique.slice(index + 1)) {
      yield {
        type: 'pair',
        pair: {
          key,
          first: { modality: first.modality, item: first.path },
          second: { modality: second.modality, item: second.path },
          strength: pairing.strength,
          ...labels(first.placed),
        },
      };
    }
  }
  const [example] = group;
  if (missing.length > 0 && example !== undefined) yield withoutCounterpart(pairing, group, missing, example.placed);
}

function ambiguous(key: string, candidates: readonly PlacedFile[], modality: Modality): Finding {
  const paths = candidates.map((file) => file.path);
  const sentence = `${inList(paths)} are all the ${modality} of "${key}", so none is paired: keep one or rename the others.`;
  return problemFinding({
    kind: 'ambiguous-pairing',
    severity: 'warning',
    where: paths[0] ?? key,
    sentence,
    items: paths,
  });
}

function withoutCounterpart(
  pairing: StemPairing,
  group: readonly PlacedFile[],
  missing: readonly Modality[],
  placed: Placed,
): Finding {
  const paths = group.map((file) => file.path);
  const expected = missing.map((modality) => `${fillPattern(pairing.items[modality] ?? '', placed)}.*`);
  const verb = paths.length === 1 ? 'has' : 'have';
  const sentence = `${inList(paths)} ${verb} no ${inList(missing)} counterpart: there is no ${inList(expected)}.`;
  return problemFinding({
    kind: 'missing-counterpart',
    severity: 'warning',
    where: paths[0] ?? '',
    sentence,
    items: paths,
  });
}
