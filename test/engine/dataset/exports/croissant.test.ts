import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { loadDataset } from '../../../../src/dataset/config.ts';
import type { About } from '../../../../src/dataset/croissant/describe.ts';
import { type Exported, exportDataset } from '../../../../src/dataset/exports/exportDataset.ts';
import { croissant } from '../../../../src/dataset/formats/croissant.ts';
import { indexDataset } from '../../../../src/dataset/indexer.ts';
import { Snapshot } from '../../../../src/dataset/snapshot.ts';
import { addFiles, picture, placeWith, sound } from '../place.ts';

const TRIPLES = `name: animals
root: data
pairing:
  layout: stem
  items:
    image: "{split}/images/{class}/{stem}"
    audio: "{split}/audio/{class}/{stem}"
    text: "{split}/captions/{class}/{stem}"
  strength: strong
`;
const INSTANCES = ['train/cat/a', 'train/dog/0002', 'validation/dog/c', 'test/cat/d'];

async function animals(): Promise<{ folder: string; snapshot: Snapshot }> {
  const folder = await placeWith({ 'animals/pairlab.yaml': TRIPLES });
  for (const [index, name] of INSTANCES.entries()) {
    const [split, concept, stem] = name.split('/');
    await addFiles(join(folder, 'animals', 'data', split ?? ''), {
      [`images/${concept}/${stem}.png`]: await picture(index * 40, 40),
      [`audio/${concept}/${stem}.wav`]: sound({
        samples: Array.from({ length: 4000 }, (_, at) => ((at * (index + 3)) % 200) * 90),
      }),
      [`captions/${concept}/${stem}.txt`]: index === 0 ? 'null' : `a ${concept}, "seen" by ${stem}, on its own`,
    });
  }
  const dataset = await loadDataset(join(folder, 'animals'));
  await indexDataset(dataset);
  return { folder, snapshot: await Snapshot.open(dataset) };
}

async function exported(about: About = {}): Promise<{ snapshot: Snapshot; out: string; result: Exported }> {
  const { folder, snapshot } = await animals();
  const out = join(folder, 'out');
  const result = await exportDataset(snapshot, { to: 'croissant', output: out, settings: { shardBytes: 1e9, about } });
  return { snapshot, out, result };
}

const Named = z.looseObject({ '@id': z.string() });
const Field = Named.extend({
  '@type': z.literal('cr:Field'),
  name: z.string(),
  dataType: z.union([z.string(), z.array(z.string())]),
  references: z.strictObject({ field: z.strictObject({ '@id': z.string() }) }).optional(),
  source: z.looseObject({}).optional(),
});
/** What the specification 1.1 asks of a description. */
const Description = z.looseObject({
  '@context': z.looseObject({
    '@vocab': z.literal('https://schema.org/'),
    cr: z.literal('http://mlcommons.org/croissant/'),
  }),
  '@type': z.literal('sc:Dataset'),
  conformsTo: z.literal('http://mlcommons.org/croissant/1.1'),
  name: z.string(),
  description: z.string(),
  distribution: z.array(
    z.discriminatedUnion('@type', [
      Named.extend({
        '@type': z.literal('cr:FileObject'),
        contentUrl: z.string(),
        contentSize: z.string().regex(/^\d+ B$/),
        encodingFormat: z.string(),
        sha256: z.string().length(64),
      }),
      Named.extend({
        '@type': z.literal('cr:FileSet'),
        encodingFormat: z.array(z.string().regex(/^(image|audio)\/[a-z]+$/)),
        includes: z.array(z.string()).min(1),
      }),
    ]),
  ),
  recordSet: z.array(
    Named.extend({
      '@type': z.literal('cr:RecordSet'),
      field: z.array(Field).min(1),
      key: z.strictObject({ '@id': z.string() }).optional(),
    }),
  ),
});

async function descriptionIn(out: string) {
  return Description.parse(JSON.parse(await readFile(join(out, 'croissant.json'), 'utf8')));
}

/** "train cat a image audio strong" for each pair. */
async function pairsOf(snapshot: Snapshot): Promise<string[]> {
  const pairs: string[] = [];
  for (const modalities of snapshot.summary.pairs) {
    for (const { key, class: concept, split, first, second, strength } of await snapshot.pairs(modalities)) {
      pairs.push([split, concept, key, first.modality, second.modality, strength].join(' '));
    }
  }
  return pairs.sort();
}

async function textsOf(snapshot: Snapshot): Promise<string[]> {
  const texts: string[] = [];
  for (const item of await snapshot.items('text')) {
    texts.push(item.text ?? (await readFile(join(snapshot.dataset.root, item.path), 'utf8')));
  }
  return texts.sort();
}

describe('an export to Croissant', () => {
  it('describes tables, files, splits and classes as the specification asks, with every id once and no reference lost', async () => {
    const { out } = await exported();
    const { distribution, recordSet } = await descriptionIn(out);
    const fields = recordSet.flatMap(({ field }) => field);
    const ids = [...distribution, ...recordSet, ...fields].map((node) => node['@id']);
    expect(new Set(ids).size).toBe(ids.length);
    for (const { references } of fields) if (references !== undefined) expect(ids).toContain(references.field['@id']);
    const named = JSON.stringify(fields.map(({ source }) => source)).match(/"@id":"[^"]+"/g) ?? [];
    for (const reference of named) expect(ids).toContain(reference.slice(7, -1));
    for (const { '@id': id, field } of recordSet)
      for (const { '@id': of } of field) expect(of.startsWith(`${id}/`)).toBe(true);
    expect(recordSet.find((set) => set['@id'] === 'splits')).toMatchObject({
      dataType: 'cr:Split',
      data: [
        { 'splits/name': 'train', 'splits/url': 'cr:TrainingSplit' },
        { 'splits/name': 'validation', 'splits/url': 'cr:ValidationSplit' },
        { 'splits/name': 'test', 'splits/url': 'cr:TestSplit' },
      ],
    });
    expect(recordSet.find((set) => set['@id'] === 'classes')).toMatchObject({
      dataType: 'sc:Enumeration',
      data: [{ 'classes/name': 'cat' }, { 'classes/name': 'dog' }],
    });
    const table = await readFile(join(out, 'pairs.parquet'));
    expect(distribution[0]).toMatchObject({
      contentUrl: 'pairs.parquet',
      contentSize: `${(await stat(join(out, 'pairs.parquet'))).size} B`,
      sha256: createHash('sha256').update(table).digest('hex'),
    });
  });

  it('gives the same pairs, labels and texts when it is read again', async () => {
    const { snapshot, out } = await exported();
    const files = (await readdir(out)).map((path) => ({ path, bytes: 1, modified: 0 }));
    const [candidate] = await croissant.propose({ root: out, files, refuse: () => {} }, {});
    expect(candidate?.pairing).toEqual({
      layout: 'croissant',
      file: 'croissant.json',
      records: 'pairs',
      items: { image: ['images/content'], audio: ['sounds/content'], text: ['pairs/text'] },
      id: 'pairs/key',
      class: 'pairs/class',
      split: 'pairs/split',
      strength: 'strong',
    });
    const place = join(out, '..', 'again');
    await mkdir(place);
    await writeFile(
      join(place, 'pairlab.yaml'),
      JSON.stringify({ name: 'again', root: '../out', pairing: candidate?.pairing }),
    );
    const dataset = await loadDataset(place);
    await indexDataset(dataset);
    const again = await Snapshot.open(dataset);
    expect(await pairsOf(again)).toEqual(await pairsOf(snapshot));
    expect(await textsOf(again)).toEqual(await textsOf(snapshot));
    expect(again.summary.problems['checksum-differs']).toBeUndefined();
    snapshot.close();
    again.close();
  });

  it('writes what it was told about the dataset, and says what nobody told', async () => {
    const about = { license: 'https://spdx.org/licenses/CC0-1.0', creator: 'A. Person', description: 'Animals.' };
    const { out, result } = await exported(about);
    expect(await descriptionIn(out)).toMatchObject({
      name: 'animals',
      description: 'Animals.',
      license: about.license,
      creator: { '@type': 'sc:Person', name: 'A. Person' },
    });
    expect(result.notes).toEqual([
      'Croissant requires url and datePublished, which nobody gave: croissant.json is without. Add them there.',
    ]);
  });
});
