import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { encodersOf, type Found, readFindings, withEarlier, writeFindings } from '../../reproduce/findings.ts';
import type { ReproductionRow } from '../../reproduce/rows.ts';

const TODAY = '2026-12-02';
const untested: ReproductionRow = {
  id: 'C1',
  statement: 'CROMA beats scratch',
  data: 'set/text-image',
  settings: 'abc',
  verdict: 'cannot be tested',
  effect: '–',
  why: 'its experiments were not run',
};
const found: Found = {
  ...untested,
  verdict: 'holds',
  effect: '+3.0 ± 1.0',
  why: 'above 0',
  encoders: encodersOf('set/text-image'),
  computed: '2026-12-01',
};

it('keeps what another machine found about a row whose runs are not here', () => {
  expect(withEarlier([untested], [found], TODAY)).toEqual([found]);
});

it('forgets what was found about a statement that has changed since', () => {
  const changed = { ...untested, statement: 'CROMA beats scratch at every k' };
  expect(withEarlier([changed], [found], TODAY)).toEqual([changed]);
});

it('forgets what was found with other settings', () => {
  const changed = { ...untested, settings: 'other' };
  expect(withEarlier([changed], [found], TODAY)).toEqual([changed]);
});

it('forgets what was found with another version of an encoder', () => {
  expect(encodersOf('set/text-image')).toMatch(/^patches \d+, patches-pca \d+, ngrams \d+$/);
  expect(withEarlier([untested], [{ ...found, encoders: 'patches 1, ngrams 1' }], TODAY)).toEqual([untested]);
});

it('dates a verdict by the day on which its numbers were first computed', () => {
  const { computed: _, encoders: __, ...here } = found;
  expect(withEarlier([here], [found], TODAY)).toEqual([found]);
  const other = { ...here, verdict: 'does not hold', effect: '+0.5 ± 1.0' } as const;
  expect(withEarlier([other], [found], TODAY)).toEqual([{ ...other, encoders: found.encoders, computed: TODAY }]);
});

it('reads what it wrote, without rows that could not be tested', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'pairlab-findings-'));
  const path = join(folder, 'findings.json');
  expect(await readFindings(path)).toEqual([]);
  await writeFindings(path, [found, untested]);
  expect(await readFindings(path)).toEqual([found]);
  await rm(folder, { recursive: true });
});
