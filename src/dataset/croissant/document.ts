import * as z from 'zod';
import { InputError } from '../../base/errors.ts';
import { type Node, nodes, normalise, texts } from './jsonLd.ts';

/** A file that the description names. */
export interface FileObject {
  readonly kind: 'object';
  readonly id: string;
  /** Relative to the description or to the container, or an address. */
  readonly contentUrl: string;
  readonly containedIn: readonly string[];
  /** MIME types. */
  readonly encodingFormat: readonly string[];
  readonly sha256?: string | undefined;
  readonly md5?: string | undefined;
}

/** A set of files, by patterns. */
export interface FileSet {
  readonly kind: 'set';
  readonly id: string;
  readonly containedIn: readonly string[];
  readonly includes: readonly string[];
  readonly excludes: readonly string[];
  readonly encodingFormat: readonly string[];
  /** What the description asks for that is not done, as a clause. */
  readonly unsupported?: string | undefined;
}

export type Resource = FileObject | FileSet;

/** What is taken from a source: one of these, or the source as it is. */
export interface Extract {
  readonly column?: string | undefined;
  readonly jsonPath?: string | undefined;
  readonly fileProperty?: string | undefined;
}

export interface Transform {
  readonly kind: 'regex' | 'jsonPath' | 'separator';
  readonly value: string;
}

/** Where the values of a field come from: a file or files, or a field of another record set. */
export interface FieldSource {
  /** `@id` of a resource or of a field. */
  readonly id: string;
  readonly extract: Extract;
  readonly transforms: readonly Transform[];
  /** Transforms that are not done, by name. */
  readonly ignored: readonly string[];
}

export interface Field {
  readonly id: string;
  /** Without prefix: `ImageObject`, `Text`, `Label`. */
  readonly dataTypes: readonly string[];
  readonly source?: FieldSource | undefined;
  /** The same value in every record. */
  readonly value?: string | undefined;
  /** What its values are taken from: fields of other record sets, or columns of files. */
  readonly references: readonly FieldSource[];
}

export interface RecordSet {
  readonly id: string;
  readonly dataTypes: readonly string[];
  readonly fields: readonly Field[];
  /** Records that stand in the description itself, by the ids of the fields. */
  readonly data?: readonly Readonly<Record<string, unknown>>[] | undefined;
}

/** A Croissant description, without prefixes. */
export interface Croissant {
  readonly version: string;
  readonly isLive: boolean;
  readonly resources: ReadonlyMap<string, Resource>;
  readonly recordSets: readonly RecordSet[];
}

const MAX_FIELDS_DEPTH = 16;
const TRANSFORMS = ['regex', 'jsonPath', 'separator'] as const;
const NOT_APPLIED = ['replace', 'readLines', 'format', 'unArchive'];
const Rows = z.array(z.record(z.string(), z.unknown()));

/** True for a JSON text that declares itself a Croissant description, without parsing it. */
export function looksLikeCroissant(head: string): boolean {
  return /mlcommons\.org\/(croissant|schema)/.test(head);
}

/**
 * Reads a description of Croissant 1.0 or 1.1; `ml:`, `cr:` and `sc:` prefixes, addresses and bare names mean the same,
 * and every value may be one or a list. Throws {@link InputError}.
 */
export function parseCroissant(json: string, path: string): Croissant {
  let value: unknown;
  try {
    value = JSON.parse(json.replace(/^\uFEFF/, ''));
  } catch (error) {
    throw new InputError(`${path} is not JSON. Correct it, or "file" in the dataset file.`, error);
  }
  const [root] = nodes(normalise(value));
  const versions = texts(root?.['conformsTo']);
  const recordSets = nodes(root?.['recordSet']);
  const distribution = nodes(root?.['distribution']);
  if (root === undefined || (recordSets.length === 0 && distribution.length === 0)) {
    throw new InputError(`${path} is no Croissant description: it has neither "distribution" nor "recordSet".`);
  }
  const resources = distribution.map(readResource).filter((resource) => resource !== undefined);
  return {
    version: versions.find((version) => version.includes('croissant'))?.replace(/^.*\//, '') ?? 'unknown',
    isLive: root['isLiveDataset'] === true,
    resources: new Map(resources.map((resource) => [resource.id, resource])),
    recordSets: recordSets.map((node) => ({
      id: idOf(node),
      dataTypes: texts(node['dataType']).map(bare),
      fields: readFields(nodes(node['field']), 0),
      data: Rows.safeParse(asList(node['data'])).data,
    })),
  };
}

function readResource(node: Node): Resource | undefined {
  const common = {
    id: idOf(node),
    containedIn: references(node['containedIn']),
    encodingFormat: texts(node['encodingFormat']).map((type) => type.toLowerCase()),
  };
  const type = texts(node['@type']).map(bare);
  if (type.includes('FileObject')) {
    return {
      kind: 'object',
      ...common,
      contentUrl: texts(node['contentUrl'])[0] ?? '',
      sha256: checksum(node['sha256'], 64),
      md5: checksum(node['md5'], 32),
    };
  }
  if (!type.includes('FileSet')) return undefined;
  const manifest = nodes(node['containedIn']).some((container) =>
    nodes(container['transform']).some((transform) => transform['readLines'] === true),
  );
  return {
    kind: 'set',
    ...common,
    includes: texts(node['includes']),
    excludes: texts(node['excludes']),
    unsupported: manifest ? 'its files are listed in a manifest, which is not followed' : undefined,
  };
}

/** Fields and the fields in them; a field that only holds others is none itself. */
function readFields(list: readonly Node[], depth: number): Field[] {
  if (depth > MAX_FIELDS_DEPTH) return [];
  return list.flatMap((node) => {
    const inner = readFields([...nodes(node['subField']), ...nodes(node['parentField'])], depth + 1);
    const value = node['value'];
    const field: Field = {
      id: idOf(node),
      dataTypes: texts(node['dataType']).map(bare),
      source: readSource(node['source']),
      value: typeof value === 'string' || typeof value === 'number' ? String(value) : undefined,
      references: [...nodes(node['references']).map(readSource), ...strays(node['references'])].filter(
        (source) => source !== undefined,
      ),
    };
    return inner.length > 0 && field.source === undefined ? inner : [field, ...inner];
  });
}

/** A reference that is written as a bare text, or under the key `@idfield` of the specification's own example. */
function strays(value: unknown): FieldSource[] {
  const names = [...texts(value), ...nodes(value).flatMap((node) => texts(node['@idfield']))];
  return names.map((id) => ({ id: withoutHash(id), extract: {}, transforms: [], ignored: [] }));
}

/** `{ "@id": … }`, or `{ "fileSet" | "fileObject" | "field" | … : { "@id": … }, "extract": …, "transform": … }`. */
function readSource(value: unknown): FieldSource | undefined {
  const [node] = nodes(value);
  if (node === undefined) return undefined;
  const named = ['field', 'fileObject', 'fileSet', 'distribution', 'recordSet'].flatMap((key) => references(node[key]));
  const id = named[0] ?? texts(node['@id']).map(withoutHash)[0];
  if (id === undefined) return undefined;
  const [extract = {}] = nodes(node['extract']);
  const transforms = nodes(node['transform']);
  return {
    id,
    extract: {
      column: texts(extract['column'])[0],
      jsonPath: texts(extract['jsonPath'])[0],
      fileProperty: texts(extract['fileProperty'])[0],
    },
    transforms: transforms.flatMap((transform) =>
      TRANSFORMS.flatMap((kind) => texts(transform[kind]).map((text) => ({ kind, value: text }))),
    ),
    ignored: transforms.flatMap((transform) => Object.keys(transform).filter((key) => NOT_APPLIED.includes(key))),
  };
}

/** `{ "@id": … }`, `{ "fileObject": { "@id": … } }` or a bare text; one or several. */
function references(value: unknown): string[] {
  const inner = nodes(value).flatMap((node) => [
    ...texts(node['@id']),
    ...['fileObject', 'fileSet'].flatMap((key) => [
      ...texts(node[key]),
      ...nodes(node[key]).flatMap((of) => texts(of['@id'])),
    ]),
  ]);
  return [...texts(value), ...inner].map(withoutHash);
}

function idOf(node: Node): string {
  return withoutHash(texts(node['@id'])[0] ?? texts(node['name'])[0] ?? '');
}

function withoutHash(id: string): string {
  return id.replace(/^#/, '');
}

/** `ImageObject` of `sc:ImageObject` and of `https://schema.org/ImageObject`. */
function bare(type: string): string {
  return type.replace(/^.*[/:#]/, '');
}

/** Real files hold "None" and addresses in place of checksums. */
function checksum(value: unknown, digits: number): string | undefined {
  const text = texts(value)[0]?.toLowerCase() ?? '';
  return text.length === digits && /^[0-9a-f]+$/.test(text) ? text : undefined;
}

function asList(value: unknown): unknown {
  return value === undefined || Array.isArray(value) ? value : [value];
}
