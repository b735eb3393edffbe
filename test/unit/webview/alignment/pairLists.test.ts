import { describe, expect, it } from 'vitest';
import { PairList } from '../../../../src/protocol.ts';
import { missingList, pageSize, standingList } from '../../../../webview/alignment/pairLists.ts';
import { Whereabouts } from '../../../../webview/alignment/whereabouts.ts';
import { report } from '../../alignment/madeReport.ts';

const part = report({ id: 'new', complete: false });
const whole = report({ id: 'new', complete: true });
const limit = pageSize;

describe('the list of pairs of a report', () => {
  it('is that of the report before until its own is there', () => {
    expect(standingList({ report: part, list: listOf('old') })).toEqual({ list: listOf('old'), isOwn: false });
    expect(standingList({ report: whole, list: listOf('new') })?.isOwn).toBe(true);
    expect(standingList({ report: part })).toBeUndefined();
  });

  it('is not that of the report beside it', () => {
    const other = report({ id: 'beside' });
    expect(standingList({ report: whole, other, list: listOf('beside') })).toBeUndefined();
  });

  it('is asked for when all numbers are there, on the page that was looked at', () => {
    const standing = { list: listOf('old', { offset: 40 }), isOwn: false };
    expect(missingList(part, standing, undefined, new Whereabouts())).toBeUndefined();
    expect(missingList(whole, standing, undefined, new Whereabouts())).toEqual({ report: 'new', offset: 40, limit });
  });

  it('begins at its page after a reload, and at the beginning for another report', () => {
    const ask = (kept: string) => missingList(whole, undefined, { report: kept, offset: 60 }, new Whereabouts());
    expect(ask('new')?.offset).toBe(60);
    expect(ask('old')?.offset).toBe(0);
  });

  it('does not take places chosen in the report before for its own', () => {
    const standing = { list: listOf('old', { offset: 20, among: [1, 2] }), isOwn: false };
    expect(missingList(whole, standing, undefined, new Whereabouts())).toEqual({ report: 'new', offset: 0, limit });
  });

  it('is looked at on its last page where it has become shorter', () => {
    const standing = { list: listOf('new', { offset: 40 }, 25), isOwn: true };
    expect(missingList(whole, standing, undefined, new Whereabouts())?.offset).toBe(20);
    const own = { list: listOf('new', {}, 0), isOwn: true };
    expect(missingList(whole, own, undefined, new Whereabouts())).toBeUndefined();
  });
});

function listOf(of: string, query: { offset?: number; among?: number[] } = {}, total = 100): PairList {
  return PairList.parse({ query: { report: of, offset: 0, limit, ...query }, total, rows: [] });
}
