import { describe, expect, it } from 'vitest';
import { type Listed, lastPage, placeAfter, Whereabouts } from '../../../../webview/alignment/whereabouts.ts';

const limit = 3;

describe('a step in the list of pairs', () => {
  const middle = page('defg'.slice(0, 3), { offset: 3, total: 8 });

  it('leads from row to row, and to the ends of the page', () => {
    expect(placeAfter('next', middle, 0)).toEqual({ offset: 3, row: 1 });
    expect(placeAfter('previous', middle, 2)).toEqual({ offset: 3, row: 1 });
    expect(placeAfter('first', middle, 2)).toEqual({ offset: 3, row: 0 });
    expect(placeAfter('last', middle, 0)).toEqual({ offset: 3, row: 2 });
  });

  it('leads beyond the end of the page to the first row of the next and the last of the previous one', () => {
    expect(placeAfter('next', middle, 2)).toEqual({ offset: 6, row: 0 });
    expect(placeAfter('previous', middle, 0)).toEqual({ offset: 0, row: 2 });
    // A page that begins where a decision has left it.
    expect(placeAfter('previous', page('cde', { offset: 2, total: 8 }), 0)).toEqual({ offset: 0, row: 1 });
  });

  it('leads nowhere beyond the ends of the list', () => {
    expect(placeAfter('next', page('gh', { offset: 6, total: 8 }), 1)).toBeUndefined();
    expect(placeAfter('previous', page('abc', { offset: 0, total: 8 }), 0)).toBeUndefined();
  });

  it('knows where the last page begins', () => {
    expect([8, 6, 1, 0].map((total) => lastPage(total, limit))).toEqual([6, 3, 0, 0]);
  });
});

describe('where the person is in the list', () => {
  it('is the first row at first', () => {
    expect(new Whereabouts().follow(page('abc'))).toBe(0);
  });

  it('is the same pair when an excluded one before it is gone from the next report', () => {
    const here = at('b', 1);
    expect(here.follow(page('bcd', { report: 'next' }))).toBe(0);
  });

  it('is the pair that took the row where the pair itself is gone', () => {
    expect(at('b', 1).follow(page('acd', { report: 'next' }))).toBe(1);
    expect(at('c', 2).follow(page('ab', { report: 'next' }))).toBe(1);
  });

  it('is on the page that was turned to, once it comes', () => {
    const here = at('c', 2);
    here.turnTo({ offset: 3, row: 0 });
    expect(here.follow(page('abc'))).toBe(2);
    expect(here.follow(page('def', { offset: 3 }))).toBe(0);
    expect(here.turnTo({ offset: 0, row: 2 })).toBe(true);
    expect(here.follow(page('abc'))).toBe(2);
  });

  it('asks for a page once, until the person has gone elsewhere', () => {
    const here = at('c', 2);
    const next = { offset: 3, row: 0 };
    expect(here.turnTo(next)).toBe(true);
    expect(here.turnTo(next)).toBe(false);
    here.arrive('c', 2);
    expect(here.turnTo(next)).toBe(false);
    here.arrive('b', 1);
    expect(here.turnTo(next)).toBe(true);
  });

  it('is kept on the page that begins with the same pair, when pairs before it were excluded', () => {
    const here = at('a', 0);
    here.decide(0, true);
    here.decide(2, true);
    here.follow(page('def', { offset: 3, excluded: 'e' }));
    expect(here.offsetInNext({ report: '', offset: 3, limit })).toBe(1);
    here.decide(2, false);
    expect(here.offsetInNext({ report: '', offset: 3, limit })).toBe(2);
    here.follow(page('def', { offset: 2, report: 'next' }));
    expect(here.offsetInNext({ report: '', offset: 2, limit })).toBe(2);
  });
});

function at(pair: string, row: number): Whereabouts {
  const here = new Whereabouts();
  here.follow(page('abc'));
  here.arrive(pair, row);
  return here;
}

/** A letter a pair. */
function page(pairs: string, { report = 'first', offset = 0, total = 8, excluded = '' } = {}): Listed {
  const rows = [...pairs].map((pair) => ({
    scored: { pair },
    detail: { pair: { excluded: excluded.includes(pair) } },
  }));
  return { query: { report, offset, limit }, total, rows };
}
