import { join, posix } from 'node:path';
import type { Job } from '../../base/progress.ts';
import { isGzip } from '../../container/gzipTar.ts';
import { type TarMember, walkTar } from '../../container/tar.ts';
import { mediaTypeOf } from '../../modality/modality.ts';
import type { Modality } from '../../protocol.ts';
import { type Candidate, type Folder, inList } from '../formats/format.ts';
import type { StemRule } from '../formats/pattern.ts';
import type { WebDatasetPairing } from '../formats/webDataset.ts';
import { isFault, nameParts } from '../formats/webDatasetSamples.ts';
import { isPacked, textOf } from '../formats/webDatasetText.ts';
import { byFrequency, isSplitName } from './names.ts';

const MEMBERS_LOOKED_AT = 400;
/** Damaged shards may come first. */
const SHARDS_LOOKED_AT = 5;
const EXTENSIONS_NAMED = 5;
const MAX_JSON = 64 * 1024;
/** Names of the JSON fields that hold captions, likeliest first. */
const CAPTION_FIELDS = ['caption', 'text', 'transcript', 'transcription', 'description', 'sentence'];

/** A proposal for the shards of each folder, from the first members of its first shard. */
export async function webDatasetCandidates(folder: Folder, { signal }: Job): Promise<Candidate<WebDatasetPairing>[]> {
  const { files } = folder;
  const folders = new Map<string, string[]>();
  for (const { path } of files) {
    if (!/\.tar$/i.test(path) && !isGzip(path)) continue;
    const shards = folders.get(posix.dirname(path));
    if (shards === undefined) folders.set(posix.dirname(path), [path]);
    else shards.push(path);
  }
  const candidates: Candidate<WebDatasetPairing>[] = [];
  for (const shards of folders.values()) {
    const members = await firstMembers(folder, shards, signal);
    const stem = likelierRule(members);
    const items = fieldsOf(members, stem);
    const modalities = Object.keys(items);
    if (modalities.length < 2) {
      if (members.length > 0) folder.refuse(whyNot(shards, extensionsOf(members, stem)));
      continue;
    }
    const patterns = patternsOf(shards);
    candidates.push({
      pairing: {
        layout: 'webdataset',
        shards: patterns.length === 1 ? (patterns[0] ?? '') : patterns,
        items,
        ...(extensionsOf(members, stem).includes('cls') && { class: 'cls' }),
        stem,
        strength: 'strong',
      },
      description: `WebDataset shards ${inList(patterns)}: ${inList(modalities)}`,
      reasons: {
        layout: 'Members of a shard that follow each other and have one key are a pair. Nothing is extracted.',
        items: 'The extensions in the first shard; of several the first one that a sample has counts.',
        ...(stem === 'up-to-last-dot' && {
          stem: 'Names hold several dots; WebDataset itself would end the key at the first one.',
        }),
      },
    });
  }
  return candidates;
}

/** Those of the first shard that holds any. */
async function firstMembers(
  { root, refuse }: Folder,
  shards: readonly string[],
  signal: AbortSignal | undefined,
): Promise<TarMember[]> {
  const keeps = (name: string, length: number): boolean => name.toLowerCase().endsWith('.json') && length <= MAX_JSON;
  for (const shard of shards.slice(0, SHARDS_LOOKED_AT)) {
    const members: TarMember[] = [];
    for await (const entries of walkTar(join(root, shard), { keeps, signal })) {
      for (const entry of entries) {
        if (!isFault(entry) && entry.kind === 'file') members.push(entry);
        if (isFault(entry) && entry.kind !== 'no-end' && entry.kind !== 'more') refuse(`${shard} ${entry.fault}`);
      }
      if (members.length >= MEMBERS_LOOKED_AT) break;
    }
    if (members.length > 0) return members.slice(0, MEMBERS_LOOKED_AT);
  }
  return [];
}

function whyNot([shard = '']: readonly string[], extensions: readonly string[]): string {
  const seen = extensions.slice(0, EXTENSIONS_NAMED).map((extension) => `.${extension}`);
  return `The members of ${shard} (${inList(seen)}) are not of two modalities.`;
}

/** Up to the first dot, as WebDataset has it, unless that gives almost every member an extension of its own. */
function likelierRule(members: readonly TarMember[]): StemRule {
  const first = extensionsOf(members, 'up-to-first-dot').length;
  const last = extensionsOf(members, 'up-to-last-dot').length;
  return last < first && first > members.length / 4 ? 'up-to-last-dot' : 'up-to-first-dot';
}

/** Extensions in lower case, most frequent first. */
function extensionsOf(members: readonly TarMember[], rule: StemRule): string[] {
  const extensions = members.flatMap(({ name }) => {
    const parts = nameParts(name, rule);
    return parts === 'skipped' ? [] : [parts.extension.toLowerCase()];
  });
  return byFrequency(extensions).map(({ value }) => value);
}

function fieldsOf(members: readonly TarMember[], rule: StemRule): WebDatasetPairing['items'] {
  const items: Partial<Record<Modality, string[]>> = {};
  for (const extension of extensionsOf(members, rule)) {
    const bare = isPacked(extension) ? posix.parse(extension).name : extension;
    const modality = bare.includes('.') ? undefined : mediaTypeOf(`x.${bare}`)?.modality;
    // Pictures and sounds are read where they lie, so that compressed ones are none.
    if (modality !== undefined && (modality === 'text' || !isPacked(extension)))
      items[modality] = [...(items[modality] ?? []), extension];
  }
  const caption = items.text === undefined ? captionField(members) : undefined;
  return caption === undefined ? items : { ...items, text: [`json:${caption}`] };
}

/** The field of the first JSON member that looks like a caption. */
function captionField(members: readonly TarMember[]): string | undefined {
  const member = members.find(({ content }) => content !== undefined);
  return member && CAPTION_FIELDS.find((field) => 'text' in textOf(member, field));
}

/**
 * What names of shards share, for each extension that they have: `{split}-*.tar`, with numbers as "*" and splits as a
 * placeholder.
 */
function patternsOf(shards: readonly string[]): string[] {
  const [first] = shards;
  if (first === undefined || shards.length === 1) return [first ?? ''];
  const folder = posix.dirname(first) === '.' ? '' : `${posix.dirname(first)}/`;
  const splits = shards.map((path) => /^([A-Za-z]+)-/.exec(posix.basename(path))?.[1] ?? '');
  const name = splits.every(isSplitName) ? '{split}-*' : '*';
  const ends = new Set(shards.map((path) => /\.(tar|tar\.gz|tgz)$/i.exec(path)?.[0] ?? ''));
  return [...ends].map((end) => `${folder}${name}${end}`);
}
