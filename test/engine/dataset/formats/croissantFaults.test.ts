import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { InputError } from '../../../../src/base/errors.ts';
import { description, FILES, joined, read } from './croissantDescriptions.ts';
import { faults } from './read.ts';

describe('a Croissant description that is wrong or hostile', () => {
  it('fetches nothing, and says what is to be downloaded', async () => {
    const json = joined({ '@id': 'captions/file' });
    const remote = json.replace(
      '"contentUrl":"captions.csv"',
      '"contentUrl":"https://example.com/files/all%20captions.csv"',
    );
    const found = await read(remote.replaceAll('"@id":"captions.csv"', '"@id":"table"'));
    expect(found.problems.map(({ kind, sentence }) => [kind, sentence])).toContainEqual([
      'missing-file',
      'croissant.json: table is at https://example.com/files/all%20captions.csv: nothing was fetched. Download it beside the description.',
    ]);
    const there = await read(
      remote.replaceAll('"@id":"captions.csv"', '"@id":"table"'),
      {},
      {
        'images/train_1.png': '',
        'all captions.csv': FILES['captions.csv'],
      },
    );
    expect(there.pairs).toHaveLength(1);
  });

  it.each(['../secret.csv', '/etc/passwd', 'file:///etc/passwd'])('never opens %s', async (contentUrl) => {
    const found = await read(
      joined({ '@id': 'captions/file' }).replace('"contentUrl":"captions.csv"', `"contentUrl":"${contentUrl}"`),
      {},
      { 'images/a.png': '' },
    );
    expect(faults(found).some((fault) => /^(outside-root|missing-file) croissant.json#captions.csv$/.test(fault))).toBe(
      true,
    );
    expect(found.pairs).toEqual([]);
  });

  it('compares checksums', async () => {
    const withSum = (sum: string) =>
      joined({ '@id': 'captions/file' }).replace(
        '"contentUrl":"captions.csv"',
        `"contentUrl":"captions.csv","sha256":"${sum}"`,
      );
    const right = createHash('sha256').update(FILES['captions.csv']).digest('hex');
    expect((await read(withSum(right))).problems).toEqual([]);
    expect(faults(await read(withSum(right.replace(/./, (digit) => (digit === 'a' ? 'b' : 'a')))))).toEqual([
      'checksum-differs croissant.json#captions.csv',
    ]);
    expect((await read(withSum('None'))).problems).toEqual([]);
  });

  it('never hangs on an expression, and names what it cannot apply', async () => {
    const slow = joined({ '@id': 'captions/file' }).replace('^images/(train|test)_', '^((((a+)+)+)+)+$');
    const files = { ...FILES, [`images/${'a'.repeat(200)}.png`]: '' };
    const found = await read(slow, { split: 'images/split' }, files);
    expect(found.items.map(({ split }) => split ?? null)).not.toContain('x');
    expect(found.problems.map(({ sentence }) => sentence)).toContainEqual(
      'croissant.json: images/split has a regular expression that does not match in 3 records, which have no label therefore.',
    );
    const ahead = joined({ '@id': 'captions/file' }).replace('^images/(train|test)_', '(?=x)y');
    expect((await read(ahead, { split: 'images/split' })).problems.map(({ sentence }) => sentence)).toEqual([
      'croissant.json: images/split has the regular expression (?=x)y, which RE2 refuses: it was not applied.',
    ]);
  });

  it('names sources that no reference joins, and record sets in a circle', async () => {
    const found = await read(joined({}, { fileObject: { '@id': 'captions.csv' }, extract: { column: 'caption' } }));
    expect(found.problems.map(({ sentence }) => sentence)).toContainEqual(
      'croissant.json: images has no "references" that leads from pictures to captions.csv: images/caption could not be read.',
    );
    const circle = description(
      [],
      [
        {
          '@id': 'a',
          field: [
            { '@id': 'a/x', source: { '@id': 'b/x' } },
            { '@id': 'a/y', source: { '@id': 'b/x' } },
          ],
        },
        { '@id': 'b', field: [{ '@id': 'b/x', source: { '@id': 'a/x' } }] },
      ],
    );
    expect(faults(await read(circle, { records: 'a', items: { image: ['a/x'], text: ['a/y'] } }))).toContain(
      'bad-row croissant.json#a',
    );
  });

  it('refuses what is no description, and record sets that are not there', async () => {
    await expect(read('{')).rejects.toThrow(InputError);
    await expect(read('{"a": 1}')).rejects.toThrow(/no Croissant description/);
    await expect(read(joined({}), { records: 'pairs' })).rejects.toThrow(/it has "captions" and "images"/);
  });

  it('survives any change of a description', async () => {
    const whole = joined({ '@id': 'captions/file' });
    const value = fc.oneof(
      fc.constantFrom('"images/content"', '[]', '{}', 'null', '"*"', '"../x"', '3', '"sc:Text"'),
      fc.json(),
    );
    await fc.assert(
      fc.asyncProperty(fc.nat(), value, fc.nat(60), async (at, text, length) => {
        const from = whole.indexOf(':', at % whole.length) + 1;
        const changed = whole.slice(0, from) + text + whole.slice(from + length);
        for (const json of [changed, whole.replace(/"(captions\/file|pictures|images\/name)"/, text)]) {
          try {
            await read(json, { split: 'images/split' });
          } catch (error) {
            expect(error).toBeInstanceOf(InputError);
          }
        }
      }),
      { numRuns: 60 },
    );
  });
});
