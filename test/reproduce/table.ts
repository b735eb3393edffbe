import { type Accuracy, renderAccuracies } from './accuracies.ts';
import type { DatedRow } from './findings.ts';

const INTRODUCTION = `# Reproduction

What PairLab's own runs show about the statements of CROMA's, MoNA's and ORCA's papers. \`npm run reproduce\` writes this file;
every verdict is computed from the numbers of finished runs. Differences are paired over the same test tasks, in percentage
points with 95 % intervals over tasks. [docs/reproduction.md](docs/reproduction.md) says how.`;

const HEADER = ['id', 'statement', 'data', 'effect', 'verdict', 'why', 'computed'];

const ACCURACIES = `## Accuracy of all methods

In percent on the test tasks, mean ± 95 % interval over tasks. Methods of one table met the same tasks;
[docs/methods](docs/methods/README.md) says which use labels beyond those of the others.`;

/** The reproduction as Markdown. */
export function renderReproduction(
  rows: readonly DatedRow[],
  accuracies: readonly Accuracy[],
  facts: readonly string[],
): string {
  const counts = ['holds', 'does not hold', 'cannot be tested'].map(
    (verdict) => `${rows.filter((row) => row.verdict === verdict).length} ${verdict}`,
  );
  const cells = rows.map(({ id, statement, data, effect, verdict, why, computed = '' }) => [
    id,
    statement,
    data,
    effect,
    verdict,
    why,
    computed,
  ]);
  const table = [HEADER, HEADER.map(() => '---'), ...cells].map((row) => `| ${row.join(' | ')} |`).join('\n');
  const list = facts.map((fact) => `- ${fact}`).join('\n');
  const summary = `${rows.length} rows: ${counts.join(', ')}.`;
  return `${[INTRODUCTION, summary, table, ACCURACIES, renderAccuracies(accuracies), list].join('\n\n')}\n`;
}
