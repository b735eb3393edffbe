import { type Alias, type Document, isMap, LineCounter, type Node, parseDocument, visit, type YAMLMap } from 'yaml';
import { z } from 'zod';

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
  const parsed = schema.safeParse(root.toJS(document));
  if (parsed.success) return { value: parsed.data, problems: [], root, lineOf };
  const problems = parsed.error.issues.flatMap((issue) => explain(issue, schema, root, lineOf));
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

function explain(
  issue: z.core.$ZodIssue,
  schema: z.ZodType,
  root: YAMLMap,
  lineOf: (node: Node | null | undefined) => number,
): YamlProblem[] {
  const node = nodeAt(root, issue.path);
  if (issue.code === 'unrecognized_keys') {
    const known = Object.keys(possibleAt(schema, issue.path).properties ?? {});
    return issue.keys.map((key) => ({
      line: lineOf(keyNode(root, key)),
      sentence: `There is no setting "${key}". Possible settings: ${known.join(', ')}.`,
    }));
  }
  if (issue.code === 'custom') return [{ line: lineOf(node), sentence: issue.message }];
  const field = fieldInWords(issue.path);
  const possible = inWords(possibleAt(schema, issue.path));
  if (node === undefined) return [{ line: lineOf(root), sentence: `${field} is missing; it must be ${possible}.` }];
  return [{ line: lineOf(node), sentence: `${field} is ${shown(node)}; it must be ${possible}.` }];
}

/** The node at a path, or the nearest one above it that is there; `undefined` for a missing setting of the root. */
function nodeAt(root: YAMLMap, path: readonly PropertyKey[]): Node | undefined {
  const found = root.getIn(path, true);
  if (isNode(found)) return found;
  return path.length > 1 ? nodeAt(root, path.slice(0, -1)) : undefined;
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && 'range' in value;
}

function keyNode(root: YAMLMap, key: string): Node | undefined {
  const pair = root.items.find((item) => isNode(item.key) && 'value' in item.key && String(item.key.value) === key);
  return isNode(pair?.key) ? pair.key : undefined;
}

function fieldInWords(path: readonly PropertyKey[]): string {
  const last = path.at(-1);
  const name = `"${path.filter((step) => typeof step !== 'number').join('.')}"`;
  return typeof last === 'number' ? `Entry ${last + 1} of ${name}` : name;
}

function shown(node: Node): string {
  return JSON.stringify(node.toJSON()) ?? 'nothing';
}

/** The part of JSON Schema that our schemas use. */
const Possible = z.looseObject({
  type: z.string().optional(),
  enum: z.array(z.unknown()).optional(),
  const: z.unknown().optional(),
  minimum: z.number().optional(),
  exclusiveMinimum: z.number().optional(),
  maximum: z.number().optional(),
  description: z.string().optional(),
  properties: z.record(z.string(), z.unknown()).optional(),
  items: z.unknown().optional(),
});
type Possible = z.infer<typeof Possible>;

/** What the schema allows at a path. */
function possibleAt(schema: z.ZodType, path: readonly PropertyKey[]): Possible {
  let here: Possible = Possible.parse(z.toJSONSchema(schema, { io: 'input' }));
  for (const step of path) {
    here = Possible.parse((typeof step === 'number' ? here.items : here.properties?.[String(step)]) ?? {});
  }
  return here;
}

function inWords(possible: Possible): string {
  if (possible.enum !== undefined) return `one of ${possible.enum.join(', ')}`;
  if (possible.type === 'array') return `a list, each entry ${inWords(Possible.parse(possible.items ?? {}))}`;
  if (possible.type === 'integer') return `a whole number${range(possible)}`;
  if (possible.type === 'number') return `a number${range(possible)}`;
  if (possible.type === 'boolean') return 'true or false';
  return 'a text that is not empty';
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
