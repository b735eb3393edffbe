import { describe, expect, it } from 'vitest';
import { drawClassSimilarity } from '../../../../src/alignment/export/figures.ts';
import { renderAlignmentMarkdown } from '../../../../src/alignment/export/markdown.ts';
import { report } from '../madeReport.ts';

describe('an exported report', () => {
  it('has the precision of the ranking at every cut where it is known which pairs are wrong', () => {
    const precision = [
      { among: 5, share: 1 },
      { among: 20, share: 0.55 },
    ];
    const markdown = renderAlignmentMarkdown(report({ known: { wrong: 20, averagePrecision: 0.6, precision } }));
    expect(markdown).toMatch(/## Known wrong pairs\n\n.*most suspicious.*known to be wrong/);
    expect(markdown).toMatch(/\| +20 +\| +55\.0 % +\|/);
    expect(renderAlignmentMarkdown(report())).not.toContain('Known wrong pairs');
  });

  it('says that classes are compared by their means', () => {
    const classSimilarity = { classes: ['a'], values: [[0.5]], left: 0 };
    expect(drawClassSimilarity(report({ classSimilarity }))?.title).toContain('cosines of their means');
  });

  it('ends with what its numbers are', () => {
    const geometry = { linearCka: { value: 0.5, better: 'higher' } } as const;
    expect(renderAlignmentMarkdown(report({ geometry }))).toMatch(/### Linear CKA\n\n- Formula: ‖BᵀA‖²[\s\S]*2019/);
  });
});
