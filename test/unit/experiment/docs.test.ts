import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect, it } from 'vitest';
import * as z from 'zod';
import { ExperimentConfig } from '../../../src/experiment/config.ts';

const Field = z.looseObject({
  type: z.string().optional(),
  enum: z.array(z.unknown()).optional(),
  minimum: z.number().optional(),
  exclusiveMinimum: z.number().optional(),
  maximum: z.number().optional(),
  items: z.unknown().optional(),
  properties: z.record(z.string(), z.unknown()).optional(),
  default: z.unknown().optional(),
  description: z.string().optional(),
});
type Field = z.infer<typeof Field>;

function possible(field: Field): string {
  if (field.enum !== undefined) return field.enum.map((value) => `\`${value}\``).join(', ');
  if (field.type === 'array') return `list of ${possible(Field.parse(field.items))}`;
  if (field.type === 'string') return 'text';
  const low = field.exclusiveMinimum === undefined ? `${field.minimum}` : `above ${field.exclusiveMinimum}`;
  return `${field.type === 'integer' ? 'whole numbers' : 'numbers'} ${low} to ${field.maximum}`;
}

function defaultOf({ default: value }: Field): string {
  return value === undefined ? '' : `\`${JSON.stringify(value).replaceAll('"', '').replaceAll(',', ', ')}\``;
}

/** A group has its settings after it, with its name before theirs. */
function rowsOf(properties: Readonly<Record<string, unknown>>, group = ''): string[] {
  return Object.entries(properties).flatMap(([name, schema]) => {
    const field = Field.parse(schema);
    if (field.properties !== undefined) return rowsOf(field.properties, `${group}${name}.`);
    return `| \`${group}${name}\` | ${possible(field)} | ${defaultOf(field)} | ${field.description} |`;
  });
}

it('docs/experiments.md has every setting as the schema has it', () => {
  const { properties } = z.toJSONSchema(ExperimentConfig, { io: 'input' });
  const text = readFileSync(resolve(import.meta.dirname, '../../../docs/experiments.md'), 'utf8');
  const table = text.split('| setting | possible | default | what it is |\n| --- | --- | --- | --- |\n')[1] ?? '';
  expect(table.split('\n\n')[0]?.split('\n')).toEqual(rowsOf(properties ?? {}));
});
