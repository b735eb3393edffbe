import { join, posix } from 'node:path';
import { InputError } from '../../base/errors.ts';
import { isParquet } from '../../container/parquet.ts';
import type { Modality } from '../../protocol.ts';
import { openCells } from '../formats/cellRows.ts';
import type { CellTable } from '../formats/cellTable.ts';
import { type Candidate, inList } from '../formats/format.ts';
import type { HuggingFaceTablePairing } from '../formats/huggingFaceTable.ts';
import type { FileEntry } from '../walk.ts';
import { isSplitName } from './names.ts';

const TEXTS = /caption|text|transcri|sentence|description|prompt|title/i;
const CLASSES = /^(label|class|category|target)$/i;

/** A proposal for the tables of each folder (or of the folders of its splits) whose first one holds media. */
export async function cellTableCandidates(
  root: string,
  files: readonly FileEntry[],
): Promise<Candidate<HuggingFaceTablePairing>[]> {
  const groups = new Map<string, string>();
  for (const { path } of files) {
    if (!isParquet(path) && !path.endsWith('.arrow')) continue;
    const pattern = patternOf(path);
    if (!groups.has(pattern)) groups.set(pattern, path);
  }
  const candidates: Candidate<HuggingFaceTablePairing>[] = [];
  for (const [pattern, path] of groups) {
    const table = await openIfTable(join(root, path));
    const items = table === undefined ? {} : itemsOf(table);
    const modalities = Object.keys(items);
    if (table === undefined || modalities.length < 2) continue;
    const label = classColumn(table);
    candidates.push({
      pairing: {
        layout: 'hugging-face-table',
        files: pattern,
        items,
        ...(label !== undefined && { class: label }),
        strength: 'strong',
      },
      description: `Hugging Face tables ${pattern}: ${inList(modalities)}`,
      reasons: {
        layout: 'Each row holds its picture or sound as bytes; media are read from their cells.',
        items: 'The columns that Hugging Face notes as Image and Audio or that hold bytes, and those of texts.',
      },
    });
  }
  return candidates;
}

async function openIfTable(path: string): Promise<CellTable | undefined> {
  try {
    return await openCells(path);
  } catch (error) {
    if (error instanceof InputError) return undefined;
    throw error;
  }
}

/** `data/{split}-*.parquet`, `{split}/data-*.arrow`: numbers as "*", a split in the name or the last folder. */
function patternOf(path: string): string {
  const folder = posix.dirname(path);
  const name = posix.basename(path);
  const extension = posix.extname(name);
  const [word = ''] = name.split(/[-.]/, 1);
  const parts = folder.split('/');
  const isSplitFolder = isSplitName(parts.at(-1) ?? '');
  const place = isSplitFolder ? [...parts.slice(0, -1), '{split}'].join('/') : folder;
  const stem = !isSplitFolder && isSplitName(word) ? '{split}' : word;
  const rest = name.length === word.length + extension.length ? '' : '-*';
  return posix.join(place, `${stem}${rest}${extension}`);
}

function itemsOf({ columns, features }: CellTable): HuggingFaceTablePairing['items'] {
  const items: Partial<Record<Modality, string[]>> = {};
  for (const { name, kind } of columns) {
    const modality = kind === 'media' ? mediaModality(name, features.get(name)?._type) : undefined;
    if (modality !== undefined) items[modality] = [...(items[modality] ?? []), name];
  }
  const texts = columns.filter(({ kind }) => kind === 'text').map(({ name }) => name);
  const likely = texts.filter((name) => TEXTS.test(name));
  const text = likely.length > 0 ? likely : texts.slice(0, 1);
  return text.length > 0 ? { ...items, text } : items;
}

/** What Hugging Face noted, else what the name of the column says. */
function mediaModality(name: string, type: string | undefined): Modality | undefined {
  const word = (type ?? name).toLowerCase();
  if (word.includes('image') || word.includes('picture') || word.includes('jpg') || word.includes('png'))
    return 'image';
  return word.includes('audio') || word.includes('sound') || word.includes('wav') ? 'audio' : undefined;
}

function classColumn({ columns, features }: CellTable): string | undefined {
  const noted = [...features].find(([, { _type: type }]) => type === 'ClassLabel')?.[0];
  return (
    noted ??
    columns.find(({ name, kind, isList }) => CLASSES.test(name) && !isList && (kind === 'text' || kind === 'number'))
      ?.name
  );
}
