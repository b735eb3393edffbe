import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { InputError } from '../../base/errors.ts';
import { readTextIfThere } from '../../base/files.ts';
import type { Modality } from '../../protocol.ts';
import {
  type Croissant,
  type Field,
  looksLikeCroissant,
  parseCroissant,
  type RecordSet,
} from '../croissant/document.ts';
import type { CroissantPairing } from '../formats/croissant.ts';
import { type Candidate, type Folder, inList } from '../formats/format.ts';

const HEAD_BYTES = 64 * 1024;
const MAX_BYTES = 16 * 1024 * 1024;
const TEXTS = /caption|text|sentence|transcript|description|utterance|title|prompt|question|answer/i;
const CLASSES = /(^|\/)(class|label|category|class_name|genre|species)$/i;
const IDS = /(^|\/)(key|id|uid|uuid|pair_id)$/i;

/** A candidate for each description below the root with a record set that gives two modalities. */
export async function croissantCandidates({ root, files }: Folder): Promise<Candidate<CroissantPairing>[]> {
  const candidates: Candidate<CroissantPairing>[] = [];
  for (const { path, bytes } of files) {
    if (!/\.(json|jsonld)$/i.test(path) || bytes > MAX_BYTES || !(await mentionsCroissant(join(root, path)))) continue;
    const croissant = await parsed(join(root, path));
    if (croissant === undefined) continue;
    candidates.push(...candidatesOf(path, croissant));
  }
  return candidates;
}

function candidatesOf(file: string, croissant: Croissant): Candidate<CroissantPairing>[] {
  const found = croissant.recordSets.flatMap((set) => {
    const candidate = candidateOf(file, croissant, set);
    return candidate === undefined ? [] : [candidate];
  });
  const size = ({ pairing }: Candidate<CroissantPairing>): number => Object.keys(pairing.items).length;
  return found.sort((a, b) => size(b) - size(a));
}

function candidateOf(file: string, croissant: Croissant, set: RecordSet): Candidate<CroissantPairing> | undefined {
  const fields = reachable(croissant, set);
  const ofType = (type: string): string[] =>
    fields.filter(({ dataTypes }) => dataTypes.includes(type)).map(({ id }) => id);
  const splits = fields.filter((field) => isSplit(croissant, field));
  const classes = fields.filter(({ id, dataTypes }) => dataTypes.includes('Label') || CLASSES.test(id));
  const texts = fields.filter(
    (field) =>
      field.dataTypes.includes('Text') && isContent(field) && !splits.includes(field) && !classes.includes(field),
  );
  const named = texts.filter(({ id }) => TEXTS.test(id.slice(id.lastIndexOf('/') + 1)));
  const [images, sounds] = [ofType('ImageObject'), ofType('AudioObject')];
  const isAlone = images.length === 0 || sounds.length === 0;
  const chosen = named.length > 0 || !isAlone ? named : texts.filter(({ id }) => !IDS.test(id));
  const entries: [Modality, string[]][] = [
    ['image', images],
    ['audio', sounds],
    ['text', chosen.map(({ id }) => id)],
  ];
  const items = Object.fromEntries(entries.filter(([, ids]) => ids.length > 0));
  if (Object.keys(items).length < 2) return undefined;
  const [concept, split] = [classes[0]?.id, splits[0]?.id];
  const id = set.fields.find((field) => IDS.test(field.id) && field.references.length === 0)?.id;
  return {
    pairing: {
      layout: 'croissant',
      file,
      records: set.id,
      items,
      ...(id !== undefined && { id }),
      ...(concept !== undefined && { class: concept }),
      ...(split !== undefined && { split }),
      strength: 'strong',
    },
    description: `Croissant ${croissant.version} ${file}, record set "${set.id}": ${Object.keys(items).join(' ↔ ')}`,
    reasons: {
      layout: `Each record of "${set.id}" in ${file} is a row of pairs.`,
      items: `The fields that hold the items. The record sets are ${inList(croissant.recordSets.map(({ id }) => `"${id}"`))}.`,
      strength: 'strong: taken to show the same thing. Write weak if the items of a record only share a class.',
    },
  };
}

/** The fields of a set, and those of the sets that its fields reference; a field that it brings in itself stands once. */
function reachable(croissant: Croissant, set: RecordSet): Field[] {
  const broughtIn = new Set(set.fields.flatMap(({ source }) => source?.id ?? []));
  const targets = set.fields.flatMap(({ references }) => references.map(({ id }) => id));
  const others = croissant.recordSets.filter(
    (other) => other !== set && other.fields.some(({ id }) => targets.includes(id)),
  );
  const brought = others.filter(({ data }) => data === undefined).flatMap(({ fields }) => fields);
  return [...set.fields, ...brought.filter(({ id }) => !broughtIn.has(id) && !targets.includes(id))];
}

/** A field that takes its values from a record set of splits, or is called one. */
function isSplit(croissant: Croissant, { id, dataTypes, references }: Field): boolean {
  const isOfSplits = (target: string): boolean =>
    croissant.recordSets.some(
      (set) =>
        set.fields.some((field) => field.id === target) && (set.dataTypes.includes('Split') || /split/i.test(set.id)),
    );
  return dataTypes.includes('Split') || references.some((target) => isOfSplits(target.id)) || /(^|\/)split$/i.test(id);
}

/** A text of its own: no name of a file and no key to another record set. */
function isContent({ source, references }: Field): boolean {
  const property = source?.extract.fileProperty;
  return references.length === 0 && (property === undefined || property === 'content' || property === 'lines');
}

async function mentionsCroissant(path: string): Promise<boolean> {
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(HEAD_BYTES), 0, HEAD_BYTES, 0);
    return looksLikeCroissant(buffer.toString('utf8', 0, bytesRead));
  } finally {
    await file.close();
  }
}

async function parsed(path: string): Promise<Croissant | undefined> {
  try {
    return parseCroissant((await readTextIfThere(path)) ?? '', path);
  } catch (error) {
    if (error instanceof InputError) return undefined;
    throw error;
  }
}
