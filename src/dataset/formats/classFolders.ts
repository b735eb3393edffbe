import { posix } from 'node:path';
import { throwIfCancelled } from '../../base/errors.ts';
import { Modality } from '../../protocol.ts';
import type { ClassFolderPairing } from '../config.ts';
import { type Finding, labels, type Place, problemFinding } from './format.ts';
import { type PlacedFile, placeFiles } from './pattern.ts';

/**
 * Class folders: items of one class (and split) share a concept, so their pairs are weak. The whole relation is "same
 * class"; of it each item of the larger side is linked to one of the smaller side in turn, so that every item is in a pair
 * and the number of pairs stays that of the larger side.
 */
export async function* readClassFolders(
  pairing: ClassFolderPairing,
  place: Place,
  signal?: AbortSignal,
): AsyncGenerator<Finding> {
  const { placed, leftOut } = placeFiles(place.files, pairing.items, 'up-to-last-dot');
  yield* leftOut.map(problemFinding);
  const classes = new Map<string, PlacedFile[]>();
  for (const file of placed) {
    yield {
      type: 'item',
      item: { id: file.path, modality: file.modality, path: file.path, ...labels(file.placed) },
    };
    const key = JSON.stringify([file.placed.split, file.placed.class]);
    const members = classes.get(key);
    if (members === undefined) classes.set(key, [file]);
    else members.push(file);
  }
  const modalities = Object.keys(pairing.items).map((name) => Modality.parse(name));
  for (const members of classes.values()) {
    throwIfCancelled(signal);
    for (const [index, first] of modalities.entries()) {
      for (const second of modalities.slice(index + 1)) yield* linkInTurn(members, first, second);
    }
    yield* withoutCounterparts(members, modalities);
  }
}

function* linkInTurn(members: readonly PlacedFile[], first: Modality, second: Modality): Generator<Finding> {
  const left = members.filter((file) => file.modality === first);
  const right = members.filter((file) => file.modality === second);
  if (left.length === 0 || right.length === 0) return;
  for (let turn = 0; turn < Math.max(left.length, right.length); turn++) {
    const [one, other] = [left[turn % left.length], right[turn % right.length]];
    if (one === undefined || other === undefined) continue;
    yield {
      type: 'pair',
      pair: {
        key: [one.placed.split, one.placed.class, `${nameOf(one)}+${nameOf(other)}`].filter(Boolean).join('/'),
        first: { modality: first, item: one.path },
        second: { modality: second, item: other.path },
        strength: 'weak',
        ...labels(one.placed),
      },
    };
  }
}

function* withoutCounterparts(members: readonly PlacedFile[], modalities: readonly Modality[]): Generator<Finding> {
  const missing = modalities.filter((modality) => members.every((file) => file.modality !== modality));
  for (const { path, placed } of members) {
    for (const modality of missing) {
      const where = placed.split === undefined ? '' : ` in the split ${placed.split}`;
      const sentence = `${path} has no ${modality} counterpart: the class ${placed.class}${where} has no ${modality}.`;
      yield problemFinding({
        kind: 'missing-counterpart',
        severity: 'warning',
        where: path,
        sentence,
        items: [path],
      });
    }
  }
}

function nameOf({ placed }: PlacedFile): string {
  return posix.basename(placed.stem);
}
