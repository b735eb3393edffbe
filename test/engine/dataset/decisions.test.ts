import { appendFile } from 'node:fs/promises';
import { describe, expect, it, onTestFinished } from 'vitest';
import * as z from 'zod';
import { decide, undo } from '../../../src/dataset/decisions/decide.ts';
import { appendRecords, exclusionsFile } from '../../../src/dataset/decisions/file.ts';
import { applyDecisions } from '../../../src/dataset/decisions.ts';
import { Staging } from '../../../src/dataset/staging.ts';
import type { Decision, Target } from '../../../src/protocol.ts';
import { datasetIn } from './decisions/dataset.ts';
import { placeWith } from './place.ts';

const Pair = z.object({
  id: z.string(),
  class: z.string().optional(),
  strength: z.string(),
  note: z.string().optional(),
  excluded: z.boolean(),
});
const Item = z.object({ id: z.string(), class: z.string().optional(), text: z.string().optional() });
const Found = z.object({ kind: z.string(), where: z.string(), sentence: z.string() });

/** Two captions for a.png, one for b.png: the pairs a1, a2 and b1. */
async function decided(acts: readonly [Decision, ...Target[]][], more?: (folder: string) => Promise<void>) {
  const folder = await placeWith({});
  const dataset = datasetIn(folder);
  for (const [decision, ...targets] of acts) await decide(dataset, decision, targets);
  await more?.(folder);
  const staging = await Staging.create(dataset.root);
  onTestFinished(() => staging.close());
  const { database } = staging;
  await database.run(`CREATE TABLE items AS SELECT *, NULL::VARCHAR AS text, 5 AS characters, 5 AS bytes, 'old' AS sha256,
      'old' AS fingerprint, 'old' AS decodedHash, 'old' AS signature, 'de' AS language, id <> 'b1.txt' AS readable FROM (VALUES ('a.png', 'image', 'cat'), ('b.png', 'image', 'cat'),
      ('a1.txt', 'text', 'cat'), ('a2.txt', 'text', 'cat'), ('b1.txt', 'text', 'cat')) AS t (id, modality, class);
    CREATE TABLE pairs AS SELECT *, 'cat' AS class, 'strong' AS strength, NULL::VARCHAR AS note, false AS excluded
      FROM (VALUES ('a1', 'a.png', 'a1.txt'), ('a2', 'a.png', 'a2.txt'), ('b1', 'b.png', 'b1.txt'))
      AS t (id, firstItem, secondItem)`);
  await database.run(`INSERT INTO problems (kind, severity, "where", sentence, items)
    VALUES ('empty-item', 'error', 'a1.txt', 'is empty', ['a1.txt']), ('empty-item', 'error', 'b1.txt', 'is empty', ['b1.txt'])`);
  await applyDecisions(staging, dataset);
  database.flush();
  return {
    pairs: await database.query('SELECT * FROM pairs ORDER BY id', {}, Pair),
    items: await database.query('SELECT * FROM items ORDER BY id', {}, Item.loose()),
    problems: await database.query('SELECT * FROM problems ORDER BY "where"', {}, Found),
  };
}

function decisionProblems(problems: readonly z.infer<typeof Found>[]): string[] {
  return problems.filter(({ kind }) => kind !== 'empty-item').map(({ kind, where }) => `${kind} ${where}`);
}

async function excluded(...acts: [Decision['decision'] & ('exclude' | 'include'), Target][]): Promise<string[]> {
  const { pairs } = await decided(acts.map(([decision, target]) => [{ decision }, target]));
  return pairs.filter((pair) => pair.excluded).map(({ id }) => id);
}

describe('exclusion', () => {
  it('of a pair leaves out that pair, of an item all its pairs', async () => {
    expect(await excluded(['exclude', { pair: 'a1' }])).toEqual(['a1']);
    expect(await excluded(['exclude', { item: 'a.png' }])).toEqual(['a1', 'a2']);
  });

  it('ends with a later inclusion of the same thing', async () => {
    expect(await excluded(['exclude', { pair: 'a1' }], ['include', { pair: 'a1' }])).toEqual([]);
    expect(await excluded(['exclude', { item: 'a.png' }], ['include', { item: 'a.png' }])).toEqual([]);
    expect(await excluded(['include', { pair: 'a1' }], ['exclude', { pair: 'a1' }])).toEqual(['a1']);
  });

  it('of an item leaves a pair in that was included after it, and only that one', async () => {
    expect(await excluded(['exclude', { item: 'a.png' }], ['include', { pair: 'a1' }])).toEqual(['a2']);
    expect(await excluded(['include', { pair: 'a1' }], ['exclude', { item: 'a.png' }])).toEqual(['a1', 'a2']);
  });

  it('of one item stands when the other item of the pair is included', async () => {
    expect(await excluded(['exclude', { item: 'a.png' }], ['include', { item: 'a1.txt' }])).toEqual(['a1', 'a2']);
  });
});

describe('what was decided about pairs and items', () => {
  it('is their strength, class and note, the last decision counting', async () => {
    const { pairs } = await decided([
      [{ decision: 'weak' }, { pair: 'a1' }, { pair: 'b1' }],
      [{ decision: 'strong' }, { pair: 'a1' }],
      [{ decision: 'note', value: 'one' }, { pair: 'a2' }],
      [{ decision: 'note', value: "it's two" }, { item: 'a2.txt' }],
    ]);
    expect(pairs).toMatchObject([
      { id: 'a1', strength: 'strong' },
      { id: 'a2', strength: 'strong', note: "it's two" },
      { id: 'b1', strength: 'weak' },
    ]);
  });

  it('is one class for a pair, its items and their other pairs', async () => {
    const { pairs, items } = await decided([[{ decision: 'class', value: 'dog' }, { pair: 'a1' }]]);
    expect(pairs.map((pair) => pair.class)).toEqual(['dog', 'dog', 'cat']);
    expect(items.map((item) => item.class)).toEqual(['dog', 'dog', 'cat', 'cat', 'cat']);
  });

  it('is a text with its length, and nothing that was known of the old one', async () => {
    const { items } = await decided([[{ decision: 'text', value: 'ein Käfer' }, { item: 'b1.txt' }]]);
    expect(items.find(({ id }) => id === 'b1.txt')).toEqual({
      id: 'b1.txt',
      modality: 'text',
      class: 'cat',
      text: 'ein Käfer',
      characters: 9,
      bytes: 10,
      readable: true,
    });
  });

  it('mends a text that could not be read', async () => {
    const { problems } = await decided([[{ decision: 'text', value: 'a bug' }, { item: 'b1.txt' }]]);
    expect(problems.map(({ where }) => where)).toEqual(['a1.txt']);
  });

  it('is gone when it is undone', async () => {
    const { pairs } = await decided([[{ decision: 'exclude' }, { pair: 'a1' }, { pair: 'a2' }]], async (folder) => {
      await undo(datasetIn(folder));
    });
    expect(pairs.filter((pair) => pair.excluded)).toEqual([]);
  });
});

describe('a decision that cannot be followed', () => {
  it('is named when it fits nothing: a pair or an item that is not there, a text of a picture', async () => {
    const { problems } = await decided([
      [{ decision: 'exclude' }, { pair: 'gone' }],
      [{ decision: 'exclude' }, { item: 'gone.png' }],
      [{ decision: 'text', value: 'x' }, { item: 'a.png' }],
    ]);
    expect(decisionProblems(problems)).toEqual([
      'stale-decision ../demo.exclusions.jsonl#1',
      'stale-decision ../demo.exclusions.jsonl#2',
      'stale-decision ../demo.exclusions.jsonl#3',
    ]);
    expect(problems[0]?.sentence).toMatch(
      /decides about the pair "gone", which the dataset does not have\. Undo the decision \w+ with/,
    );
    expect(problems[2]?.sentence).toContain('text of "a.png", which is no text');
  });

  it('is named when its line is broken, and when it undoes what is not there', async () => {
    const { problems, pairs } = await decided([[{ decision: 'exclude' }, { pair: 'a1' }]], async (folder) => {
      const file = exclusionsFile(datasetIn(folder));
      await appendFile(file, 'nonsense\n');
      await appendRecords(file, [{ id: 'u', time: 't', author: 'a', decision: 'undo', undoes: 'gone' }]);
    });
    expect(decisionProblems(problems)).toEqual([
      'bad-row ../demo.exclusions.jsonl#2',
      'stale-decision ../demo.exclusions.jsonl#3',
    ]);
    expect(pairs.map((pair) => pair.excluded)).toEqual([true, false, false]);
  });
});
