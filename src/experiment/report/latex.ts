import { escapeLatex } from '../../base/document/escape.ts';
import type { TextTable } from '../../base/document/textTable.ts';
import type { ExperimentReport } from '../../protocol.ts';
import { AXES, valuesOn } from './levels.ts';
import { reading } from './summary.ts';
import { accuracyInWords, byLevel, byShots, differenceInWords } from './tables.ts';
import { axisWords } from './words.ts';

/** The tables of a paper, to be included by \input; the document needs the package booktabs. */
export function renderLatex(report: ExperimentReport): string {
  const { ways, source, target, reference } = report;
  const noisy = AXES.filter((axis) => valuesOn(report.rows, axis).length > 1);
  return [
    `% ${escapeLatex(report.name)}. Needs \\usepackage{booktabs}.`,
    latexTable(
      byShots(report.rows, report, accuracyInWords),
      `${ways}-way accuracy on new ${target} classes, ${source} to ${target}. ${reading(report)}`,
    ),
    latexTable(
      byShots(report.differences, report, differenceInWords),
      `${reference} minus each other method on the same test tasks, in percentage points; p of the paired t-test after Holm's correction.`,
    ),
    ...noisy.map((axis) =>
      latexTable(
        byLevel(report.rows, report, axis, accuracyInWords),
        `${axisWords[axis].title}. ${axisWords[axis].sentence}`,
      ),
    ),
  ]
    .filter((part) => part !== '')
    .join('\n\n')
    .concat('\n');
}

/** Nothing for a table without rows. */
function latexTable({ header, rows }: TextTable, caption: string): string {
  if (rows.length === 0) return '';
  const line = (cells: readonly string[]): string => `    ${cells.map(escapeLatex).join(' & ')} \\\\`;
  return [
    '\\begin{table}',
    '  \\centering',
    `  \\caption{${escapeLatex(caption)}}`,
    `  \\begin{tabular}{l${'r'.repeat(header.length - 1)}}`,
    '    \\toprule',
    line(header),
    '    \\midrule',
    ...rows.map(line),
    '    \\bottomrule',
    '  \\end{tabular}',
    '\\end{table}',
  ].join('\n');
}
