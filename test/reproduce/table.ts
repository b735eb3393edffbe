import { markdownTable } from '../../src/base/document/textTable.ts';
import type { ReproductionRow } from './rows.ts';

const INTRODUCTION = `# Reproduction

What PairLab's own runs show about the statements of CROMA's and MoNA's papers. \`npm run reproduce\` writes this file; every
verdict is computed from the numbers of finished runs. Differences are paired over the same test tasks, in percentage points
with 95 % intervals over tasks.`;

/** The reproduction as Markdown. */
export function renderReproduction(rows: readonly ReproductionRow[], facts: readonly string[]): string {
  const counts = ['holds', 'does not hold', 'cannot be tested'].map(
    (verdict) => `${rows.filter((row) => row.verdict === verdict).length} ${verdict}`,
  );
  const table = markdownTable({
    header: ['id', 'statement', 'data', 'effect', 'verdict', 'why'],
    rows: rows.map(({ id, statement, data, effect, verdict, why }) => [id, statement, data, effect, verdict, why]),
  });
  return `${[INTRODUCTION, `${rows.length} rows: ${counts.join(', ')}.`, table, facts.map((fact) => `- ${fact}`).join('\n')].join('\n\n')}\n`;
}
