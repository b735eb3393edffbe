import type { AlignmentMap, AlignmentView, ModalityPair } from '../../src/protocol.ts';
import type { MapColour, MapData } from '../ui/map/data.ts';

type Colour = AlignmentView['colour'];

/** What the engine sent of a map, as the map draws it: two points a pair, first and second in turn. */
export function mapData(map: AlignmentMap, { first, second }: ModalityPair, colour: Colour): MapData {
  const points = 2 * map.pairs;
  return {
    positions: new Float32Array(bytesOf(map.positions)),
    kind: Uint8Array.from({ length: points }, (_, point) => point % 2),
    names: [first, second],
    pairs: Uint32Array.from({ length: points }, (_, point) => point),
    colour: mapColour(map, colour),
  };
}

/** Both points of a pair have the colour of the pair. */
export function mapColour(map: AlignmentMap, colour: Colour): MapColour {
  switch (colour) {
    case 'modality':
      return { kind: 'modality' };
    case 'class':
      return categories('class', map.classOf, map.classes);
    case 'split':
      return categories('split', map.splitOf, map.splits);
    case 'rank': {
      const values = twice(new Float32Array(bytesOf(map.rank)), Float32Array);
      const high = values.reduce((most, value) => Math.max(most, value), 1);
      return { kind: 'number', values, low: 0, high, label: 'log₂ of the partner’s rank' };
    }
    case 'mismatch': {
      const values = twice(new Float32Array(bytesOf(map.mismatch)), Float32Array);
      return { kind: 'number', values, low: 0, high: 1, label: 'like strangers' };
    }
  }
}

/** Places of the pairs of some points among the pairs of the report, each once. */
export function pairsOfPoints(map: AlignmentMap, points: Uint32Array): number[] {
  const indices = new Uint32Array(bytesOf(map.indices));
  return [...new Set(points.map((point) => indices[point >> 1] ?? 0))];
}

/** Ids of the pairs whose first item, and of those whose second is among some points: they name the same in any map. */
export type ChosenItems = readonly [first: ReadonlySet<string>, second: ReadonlySet<string>];

export function itemsOfPoints({ ids }: AlignmentMap, points: Uint32Array): ChosenItems {
  const of = (side: 0 | 1) =>
    new Set(
      Array.from(
        points.filter((point) => point % 2 === side),
        (point) => ids[point >> 1] ?? '',
      ),
    );
  return [of(0), of(1)];
}

/** The points of some items, as far as they are on a map. */
export function pointsOfItems({ ids }: AlignmentMap, [first, second]: ChosenItems): Uint32Array {
  const points = ids.flatMap((id, pair) => [
    ...(first.has(id) ? [2 * pair] : []),
    ...(second.has(id) ? [2 * pair + 1] : []),
  ]);
  return Uint32Array.from(points);
}

function categories(label: string, values: string, names: readonly string[]): MapColour {
  const shown = names.map((name) => (name === '' ? 'none' : name));
  return { kind: 'category', values: twice(new Uint16Array(bytesOf(values)), Uint16Array), names: shown, label };
}

function twice<T extends Float32Array | Uint16Array>(values: T, kind: { new (length: number): T }): T {
  const both = new kind(2 * values.length);
  for (let point = 0; point < both.length; point++) both[point] = values[point >> 1] ?? 0;
  return both;
}

function bytesOf(base64: string): ArrayBuffer {
  return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0)).buffer;
}
