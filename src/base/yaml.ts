import {
  type Alias,
  type Document,
  isMap,
  isNode,
  LineCounter,
  type Node,
  parseDocument,
  visit,
  type YAMLMap,
} from 'yaml';
import * as z from 'zod';

/** What is wrong with a YAML file, and where. */
export interface YamlProblem {
  /** Zero-based. */
  readonly line: number;
  readonly sentence: string;
}

/** A YAML file checked by a schema: its value when there are no problems, and where each thing stands. */
export interface CheckedYaml<T> {
  readonly value?: T;
  readonly problems: readonly YamlProblem[];
  /** The outermost mapping, as far as it could be read. */
  readonly root: YAMLMap | undefined;
  /** Zero-based line of a node of the file. */
  readonly lineOf: (node: Node | null | undefined) => number;
}

/** Parses and checks a mapping. Never throws, whatever the text. */
export function checkYaml<S extends z.ZodType>(text: string, schema: S): CheckedYaml<z.infer<S>> {
  const counter = new LineCounter();
  const document = parseDocument(text, { lineCounter: counter, prettyErrors: false });
  const lineAt = (offset: number): number => Math.max(0, counter.linePos(offset).line - 1);
  const lineOf = (node: Node | null | undefined): number => lineAt(node?.range?.[0] ?? 0);
  const root = isMap(document.contents) ? document.contents : undefined;
  const broken = document.errors.map((error) => ({
    line: lineAt(error.pos[0]),
    sentence: `This is not valid YAML: ${firstSentence(error.message)}.`,
  }));
  if (broken.length > 0) return { problems: broken, root, lineOf };
  if (root === undefined) {
    return {
      problems: [{ line: 0, sentence: 'The file must hold settings, one `name: value` a line.' }],
      root,
      lineOf,
    };
  }
  const alias = firstAlias(document);
  if (alias !== undefined) {
    const sentence = `The alias *${alias.source} cannot be used here; write the value itself.`;
    return { problems: [{ line: lineOf(alias), sentence }], root, lineOf };
  }
  const value: unknown = root.toJS(document);
  const parsed = schema.safeParse(value);
  if (parsed.success) return { value: parsed.data, problems: [], root, lineOf };
  const explainer = new Explainer(root, value, schema, lineOf);
  const problems = parsed.error.issues.flatMap((issue) => explainer.explain(issue));
  return { problems: problems.sort((a, b) => a.line - b.line), root, lineOf };
}

/** Aliases can blow a small file up to any size; settings have no use for them. */
function firstAlias(document: Document): Alias | undefined {
  let found: Alias | undefined;
  visit(document, {
    Alias: (_key, node) => {
      found = node;
      return visit.BREAK;
    },
  });
  return found;
}

type Path = readonly PropertyKey[];

/** Turns the schema's findings about one file into sentences with lines. */
class Explainer {
  readonly #root: YAMLMap;
  readonly #value: unknown;
  readonly #schema: z.ZodType;
  readonly #lineOf: (node: Node | null | undefined) => number;

  constructor(root: YAMLMap, value: unknown, schema: z.ZodType, lineOf: (node: Node | null | undefined) => number) {
    this.#root = root;
    this.#value = value;
    this.#schema = schema;
    this.#lineOf = lineOf;
  }

  explain(issue: z.core.$ZodIssue): YamlProblem[] {
    const { path } = issue;
    switch (issue.code) {
      case 'unrecognized_keys':
        return issue.keys.map((key) => this.#unknownSetting(path, key));
      case 'invalid_key':
        return [this.#unknownSetting(path.slice(0, -1), String(path.at(-1)))];
      case 'invalid_union':
        return issue.errors.length === 0 ? [this.#badValue(path)] : this.#closestOf(issue.errors, path);
      case 'custom':
        return [{ line: this.#lineAt(path), sentence: issue.message }];
      default:
        return [this.#badValue(path)];
    }
  }

  #unknownSetting(path: Path, key: string): YamlProblem {
    const allowed = possibleAt(this.#schema, path, this.#value);
    const known = Object.keys(allowed.properties ?? {});
    const possible = known.length > 0 ? known : (allowed.propertyNames?.enum ?? []).map(String);
    const within = path.length === 0 ? '' : ` in ${fieldInWords(path)}`;
    return {
      line: this.#lineOf(this.#keyNode(path, key)),
      sentence: `There is no setting "${key}"${within}. Possible settings: ${possible.join(', ')}.`,
    };
  }

  #badValue(path: Path): YamlProblem {
    const possible = inWords(possibleAt(this.#schema, path, this.#value));
    const node = this.#root.getIn(path, true);
    const found = isNode(node) ? `is ${JSON.stringify(node.toJSON()) ?? 'nothing'}` : 'is missing';
    return { line: this.#lineAt(path), sentence: `${fieldInWords(path)} ${found}; it must be ${possible}.` };
  }

  /** Of the alternatives of a union, the one that has least to complain about. */
  #closestOf(alternatives: readonly (readonly z.core.$ZodIssue[])[], path: Path): YamlProblem[] {
    const closest = alternatives.toSorted((a, b) => a.length - b.length)[0] ?? [];
    return closest.flatMap((issue) => this.explain({ ...issue, path: [...path, ...issue.path] }));
  }

  /** The line of a setting, or of the nearest one around it that is there. */
  #lineAt(path: Path): number {
    const node = this.#root.getIn(path, true);
    if (isNode(node)) return this.#lineOf(node);
    return path.length > 1 ? this.#lineAt(path.slice(0, -1)) : this.#lineOf(this.#root);
  }

  #keyNode(path: Path, key: string): Node | undefined {
    const map = path.length === 0 ? this.#root : this.#root.getIn(path, true);
    if (!isMap(map)) return undefined;
    const pair = map.items.find((item) => isNode(item.key) && String(item.key.toJSON()) === key);
    return isNode(pair?.key) ? pair.key : undefined;
  }
}

function fieldInWords(path: Path): string {
  const last = path.at(-1);
  const name = `"${path.filter((step) => typeof step !== 'number').join('.')}"`;
  return typeof last === 'number' ? `Entry ${last + 1} of ${name}` : name;
}

/** The part of JSON Schema that our schemas use. */
const Possible = z.looseObject({
  type: z.string().optional(),
  enum: z.array(z.unknown()).optional(),
  const: z.unknown().optional(),
  minimum: z.number().optional(),
  exclusiveMinimum: z.number().optional(),
  maximum: z.number().optional(),
  properties: z.record(z.string(), z.unknown()).optional(),
  propertyNames: z.looseObject({ enum: z.array(z.unknown()).optional() }).optional(),
  additionalProperties: z.unknown().optional(),
  items: z.unknown().optional(),
  anyOf: z.array(z.unknown()).optional(),
  oneOf: z.array(z.unknown()).optional(),
  /** Ours: the setting that tells the branches of a union apart. */
  choice: z.string().optional(),
});
type Possible = z.infer<typeof Possible>;

/** What the schema allows at a path of a value; of a union, what the branch that the value means allows. */
function possibleAt(schema: z.ZodType, path: Path, value: unknown): Possible {
  let here = branchFor(Possible.parse(z.toJSONSchema(schema, { io: 'input' })), value);
  let inside = value;
  for (const step of path) {
    inside = fieldOf(inside, step);
    const next = typeof step === 'number' ? here.items : (here.properties?.[String(step)] ?? here.additionalProperties);
    here = branchFor(Possible.parse(typeof next === 'object' && next !== null ? next : {}), inside);
  }
  return here;
}

function branchFor(possible: Possible, value: unknown): Possible {
  const branches = (possible.oneOf ?? possible.anyOf ?? []).map((branch) => Possible.parse(branch));
  if (branches.length === 0) return possible;
  return branches.find((branch) => fitsConstants(branch, value)) ?? anyBranch(branches);
}

/** True when every field with one possible value has it, and at least one such field is there. */
function fitsConstants(branch: Possible, value: unknown): boolean {
  const constants = Object.entries(branch.properties ?? {}).filter(
    ([, field]) => Possible.parse(field).const !== undefined,
  );
  return (
    constants.length > 0 && constants.every(([name, field]) => Possible.parse(field).const === fieldOf(value, name))
  );
}

/** All branches as one: a field that has one possible value in each becomes a choice. */
function anyBranch(branches: readonly Possible[]): Possible {
  const properties: Record<string, unknown> = {};
  for (const branch of branches) {
    for (const [name, field] of Object.entries(branch.properties ?? {})) {
      const choices = [properties[name], field].flatMap((known) => {
        const { const: one, enum: many } = Possible.parse(known ?? {});
        return one === undefined ? (many ?? []) : [one];
      });
      properties[name] = choices.length > 0 ? { enum: [...new Set(choices)] } : field;
    }
  }
  const choice = Object.keys(properties).find((name) =>
    branches.every(({ properties: own }) => Possible.parse(own?.[name] ?? {}).const !== undefined),
  );
  return { type: 'object', properties, choice };
}

function fieldOf(value: unknown, step: PropertyKey): unknown {
  if (Array.isArray(value)) return typeof step === 'number' ? value[step] : undefined;
  return typeof value === 'object' && value !== null
    ? Object.entries(value).find(([name]) => name === step)?.[1]
    : undefined;
}

function inWords(possible: Possible): string {
  if (possible.enum !== undefined) return `one of ${possible.enum.join(', ')}`;
  if (possible.const !== undefined) return String(possible.const);
  if (possible.type === 'array') return `a list, each entry ${inWords(Possible.parse(possible.items ?? {}))}`;
  if (possible.type === 'integer') return `a whole number${range(possible)}`;
  if (possible.type === 'number') return `a number${range(possible)}`;
  if (possible.type === 'boolean') return 'true or false';
  if (possible.choice !== undefined) {
    return `settings whose ${possible.choice} is ${inWords(Possible.parse(possible.properties?.[possible.choice]))}`;
  }
  if (possible.type === 'object') return `settings of ${settingsInWords(possible)}`;
  return 'a text';
}

function settingsInWords({ properties, propertyNames }: Possible): string {
  return (properties === undefined ? (propertyNames?.enum ?? []).map(String) : Object.keys(properties)).join(', ');
}

function range({ minimum, exclusiveMinimum, maximum }: Possible): string {
  const low = minimum ?? exclusiveMinimum;
  if (low === undefined && maximum === undefined) return '';
  if (maximum === undefined) return exclusiveMinimum === undefined ? ` from ${low}` : ` above ${low}`;
  return exclusiveMinimum === undefined ? ` from ${low} to ${maximum}` : ` above ${low}, at most ${maximum}`;
}

function firstSentence(message: string): string {
  return (message.split('\n')[0] ?? message).replace(/\.$/, '');
}
