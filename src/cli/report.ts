import * as z from 'zod';
import type { TextTable } from '../base/document/textTable.ts';
import { subject } from '../experiment/report/summary.ts';
import { reportExperiment } from '../experiment/report.ts';
import { Method, type ReportSection, ReportView } from '../protocol.ts';
import { operand, options } from './arguments.ts';
import type { Command } from './command.ts';
import { formatTable } from './table.ts';

const Options = z.object({ reference: Method.optional() });

export const reportCommand: Command = {
  name: 'report',
  summary: 'show what an experiment or a run found out, and write it as JSON, CSV, Markdown, HTML and LaTeX',
  operands: '<experiment file or run folder>',
  options: {
    reference: {
      type: 'string',
      value: 'method',
      help: 'the method that the others are compared with (default: the first of the file)',
    },
  },
  result: ReportView.omit({ sections: true }),
  run: async (args) => {
    const { reference } = options(args, Options);
    const { report, sections, files } = await reportExperiment(
      operand(args, 'experiment file or run folder'),
      reference,
    );
    const parts = [
      `${report.name}\n${subject(report)}`,
      ...sections.filter(({ detail, tables }) => !detail && tables.length > 0).map(inWords),
      ...(report.notes.length === 0 ? [] : [report.notes.map((note) => `Note: ${note}`).join('\n')]),
      Object.values(files).join('\n'),
    ];
    return { json: { report, files }, text: parts.join('\n\n') };
  },
};

function inWords({ title, sentence, tables }: ReportSection): string {
  return [title, ...tables.map(print), sentence].join('\n');
}

function print({ header, rows }: TextTable): string {
  return formatTable(header, rows, header.map((_, column) => column).slice(1));
}
