import { describe, expect, it } from 'vitest';
import { explained } from '../../../../src/alignment/export/explained.ts';
import { explanations, explanationTitles } from '../../../../src/protocol.ts';
import { report } from '../madeReport.ts';

const metric = { value: 0.5, better: 'higher' } as const;

describe('how the numbers of a report come about', () => {
  it('is said of the numbers that it has, once for both directions', () => {
    const geometry = { linearCka: metric, hubnessForward: metric, hubnessBackward: metric };
    const names = explained(report({ geometry })).map(({ name }) => name);
    expect(names).toEqual(['Linear CKA', 'Hubness, first → second; Hubness, second → first']);
  });

  it('is said of every number in lines: none is missing, none is long, and the source has its year', () => {
    for (const explanation of Object.values(explanations)) {
      for (const [line, title] of explanationTitles) {
        expect(explanation[line].length, `${title}: ${explanation[line]}`).toBeGreaterThan(2);
        expect(explanation[line].length, `${title}: ${explanation[line]}`).toBeLessThan(170);
      }
      expect(explanation.source).toMatch(/\d{4}/);
      expect(explanation.range).toMatch(/higher|lower|smaller/);
    }
  });
});
