import type { Problem } from '../../protocol.ts';
import { inList } from '../formats/format.ts';
import type { DropReason, HuggingFaceView } from './view.ts';

/** Files of more folders than this are named together. */
const FOLDERS_APART = 8;
const FIRST_NAMES = 3;

/** After "n files". */
const REASONS: Readonly<Record<DropReason, string>> = {
  'special-folder': 'in a folder that begins with "__"',
  'not-in-data-files': 'that no "data_files" of the README matches',
  'other-than-shards': 'beside the shards "data/<split>-00000-of-00001", which alone are read',
  'no-split-in-path': 'without a split in the path, though others name one',
  extension: 'with an extension that no loader takes (a mixed case such as ".Jpg" is none)',
  'other-loader': 'of another kind than this loader reads',
  'split-without-metadata': 'in a split without a metadata file, though another split has one',
  'not-in-metadata': 'that no row of the metadata names',
};

/** One sentence for `pairlab init`: what Hugging Face `datasets` would load, and what it would leave out. */
export function summarise(view: HuggingFaceView): string {
  const { loader, failure, files, dropped } = view;
  if (failure !== undefined) return `Hugging Face \`datasets\` would not load this folder: ${failure}.`;
  if (loader === 'archives') return 'Hugging Face `datasets` would choose its loader by what lies in the zip files.';
  const splits = [...view.splits].map(([split, list]) => `${split} ${list.length.toLocaleString('en')}`).join(', ');
  const count = [...dropped.values()].reduce((sum, list) => sum + list.length, 0);
  const rows = view.metadata.length > 0 && !dropped.has('not-in-metadata') ? ', as far as the metadata names them' : '';
  if (count === 0) return `Hugging Face \`${loader}\` would load all ${inFiles(files)} (${splits})${rows}.`;
  const reasons = [...dropped].map(([reason, list]) => `${list.length.toLocaleString('en')} ${REASONS[reason]}`);
  const total = `${count.toLocaleString('en')} of ${inFiles(files)}`;
  return `Hugging Face \`${loader}\` would drop ${total}: ${reasons.join('; ')}. It would load ${splits}${rows}.`;
}

/**
 * A problem for each reason and folder in which Hugging Face leaves files out, and one for files that it puts into
 * several splits.
 *
 * @param isKept whether PairLab has the file as an item
 */
export function problemsOf(view: HuggingFaceView, isKept: (path: string) => boolean): Problem[] {
  const { loader = 'datasets', failure, dropped, shared, repeated } = view;
  const problems: Problem[] = [];
  if (failure !== undefined) {
    const sentence = `Hugging Face \`datasets\` would not load this folder: ${failure}. PairLab reads it all the same.`;
    problems.push({ kind: 'dropped-by-hugging-face', severity: 'information', where: '.', sentence, items: [] });
  }
  for (const [reason, files] of dropped) {
    for (const [folder, list] of byFolder(files)) {
      const kept = list.filter(isKept);
      const sentence = `Hugging Face \`${loader}\` drops ${inFiles(list.length)}${below(folder)} ${REASONS[reason]}: ${firstOf(list)}. ${keptInWords(kept.length, list.length)}`;
      problems.push({
        kind: 'dropped-by-hugging-face',
        severity: 'information',
        where: folder === '' ? '.' : folder,
        sentence,
        items: kept.slice(0, FIRST_NAMES),
      });
    }
  }
  for (const [folder, list] of byFolder(shared)) {
    const sentence = `Hugging Face \`${loader}\` puts ${inFiles(list.length)}${below(folder)} into several splits, because their path names more than one: ${firstOf(list)}. What is tested there was seen in training; rename the folders.`;
    const items = list.filter(isKept);
    problems.push({ kind: 'split-leak', severity: 'warning', where: folder === '' ? '.' : folder, sentence, items });
  }
  for (const [folder, list] of byFolder(repeated)) {
    const sentence = `Hugging Face \`${loader}\` loads ${inFiles(list.length)}${below(folder)} more than once, because their path names their split more than once: ${firstOf(list)}. PairLab counts each once.`;
    const where = folder === '' ? '.' : folder;
    problems.push({ kind: 'exact-duplicate', severity: 'information', where, sentence, items: [] });
  }
  return problems;
}

/** By the first folder of the path; all together when there are many. */
function byFolder(files: readonly string[]): Map<string, string[]> {
  const folders = new Map<string, string[]>();
  for (const path of files) {
    const folder = path.slice(0, Math.max(0, path.indexOf('/')));
    const list = folders.get(folder);
    if (list === undefined) folders.set(folder, [path]);
    else list.push(path);
  }
  return folders.size > FOLDERS_APART ? new Map([['', [...files]]]) : folders;
}

function keptInWords(kept: number, all: number): string {
  if (kept === all) return all === 1 ? 'PairLab keeps it.' : 'PairLab keeps them.';
  return kept === 0 ? 'PairLab has no item there either.' : `PairLab keeps ${kept.toLocaleString('en')} of them.`;
}

function below(folder: string): string {
  return folder === '' ? '' : ` below ${folder}`;
}

function firstOf(files: readonly string[]): string {
  const names = files.slice(0, FIRST_NAMES);
  return files.length > FIRST_NAMES ? `${names.join(', ')} and others` : inList(names);
}

function inFiles(count: number): string {
  return count === 1 ? '1 file' : `${count.toLocaleString('en')} files`;
}
