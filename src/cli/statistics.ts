import type { DatasetStatistics, ItemStatistics, Spread } from '../protocol.ts';
import { formatTable } from './table.ts';

/** What the items of each split are, then of each class; `limit` rows each. */
export function statisticsSection({ splits, classes }: DatasetStatistics, limit: number): string {
  const hasClasses = classes.some((row) => row.class !== '');
  return [splitTable(splits, limit), ...(hasClasses ? [classTable(classes, limit)] : [])].join('\n\n');
}

function splitTable(rows: readonly ItemStatistics[], limit: number): string {
  const cells = rows.map((row) => [
    row.modality,
    row.split || '–',
    count(row.items),
    megabytes(row.bytes),
    inWords(row),
  ]);
  return shorten(['items', 'split', 'number', 'MB', 'what they are'], cells, [2, 3], limit);
}

function classTable(rows: readonly ItemStatistics[], limit: number): string {
  const cells = rows.map((row) => [row.modality, row.split || '–', row.class || '–', count(row.items), inWords(row)]);
  return shorten(['items', 'split', 'class', 'number', 'what they are'], cells, [3], limit);
}

function shorten(
  header: readonly string[],
  rows: readonly string[][],
  right: readonly number[],
  limit: number,
): string {
  const table = formatTable(header, rows.slice(0, limit), right);
  return rows.length <= limit ? table : `${table}\n… and ${count(rows.length - limit)} more rows with --all.`;
}

function inWords(row: ItemStatistics): string {
  const { width, height, seconds, characters } = row;
  return [
    row.unreadable > 0 ? `${count(row.unreadable)} unreadable` : '',
    width && height ? `${between(width)} × ${between(height)} px` : '',
    seconds ? `${between(seconds, 2)} s, ${inAll(seconds.total)} in all` : '',
    characters ? `${between(characters)} characters` : '',
    named(row.sampleRates, 'Hz'),
    named(row.channels, 'channels'),
    row.modality === 'text' ? '' : named(row.formats),
    named(row.languages),
  ]
    .filter((words) => words !== '')
    .join(' · ');
}

function inAll(seconds: number): string {
  if (seconds < 60) return `${seconds.toFixed(1)} s`;
  return seconds < 3600 ? `${(seconds / 60).toFixed(1)} min` : `${(seconds / 3600).toFixed(1)} h`;
}

/** "28" or "20–640 (median 72)". */
function between({ minimum, median, maximum }: Spread, digits = 0): string {
  const [least, middle, most] = [minimum, median, maximum].map((value) => value.toFixed(digits));
  return least === most ? `${least}` : `${least}–${most} (median ${middle})`;
}

const NAMED = 3;

/** "16000 Hz", or the most frequent values with how many items have them: "Hz 16000 (20), 8000 (3)". */
function named(values: ItemStatistics['formats'], unit = ''): string {
  const [first, ...others] = values;
  if (first === undefined) return '';
  if (others.length === 0)
    return unit === 'channels' && first.value === '1' ? '1 channel' : `${first.value} ${unit}`.trim();
  const shown = values.slice(0, NAMED).map(({ value, items }) => `${value} (${count(items)})`);
  return `${unit} ${shown.join(', ')}${others.length >= NAMED ? ', …' : ''}`.trim();
}

function megabytes(bytes: number): string {
  return (bytes / 1e6).toFixed(1);
}

function count(number: number): string {
  return number.toLocaleString('en');
}
