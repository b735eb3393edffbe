import type { TextTable } from '../base/document/textTable.ts';
import { reading, subject } from '../experiment/report/summary.ts';
import { accuracyTable, differenceTable } from '../experiment/report/tables.ts';
import { reportExperiment } from '../experiment/report.ts';
import { type ExperimentReport, ReportView } from '../protocol.ts';
import { operand } from './arguments.ts';
import type { Command } from './command.ts';
import { formatTable } from './table.ts';

export const reportCommand: Command = {
  name: 'report',
  summary: 'show what an experiment or a run found out, and write it as JSON, Markdown and HTML',
  operands: '<experiment file or run folder>',
  options: {},
  result: ReportView.omit({ figures: true }),
  run: async (args) => {
    const { report, files } = await reportExperiment(operand(args, 'experiment file or run folder'));
    return { json: { report, files }, text: `${inWords(report)}\n\n${files.html}` };
  },
};

function inWords(report: ExperimentReport): string {
  const sections = [
    `${report.name}\n${subject(report)}`,
    `${print(accuracyTable(report))}\n${reading(report)}`,
    ...(report.differences.length === 0
      ? []
      : [`${print(differenceTable(report))}\nPercentage points on the same test tasks.`]),
    ...(report.notes.length === 0 ? [] : [report.notes.map((note) => `Note: ${note}`).join('\n')]),
  ];
  return sections.join('\n\n');
}

function print({ header, rows }: TextTable): string {
  return formatTable(header, rows, header.map((_, column) => column).slice(1));
}
