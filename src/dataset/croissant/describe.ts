import type { Modality } from '../../protocol.ts';

/** What only a person knows about a dataset; what is absent is left out of the description. */
export interface About {
  readonly description?: string | undefined;
  /** Best an address of https://spdx.org/licenses. */
  readonly license?: string | undefined;
  readonly url?: string | undefined;
  /** Name of a person. */
  readonly creator?: string | undefined;
  /** ISO 8601. */
  readonly datePublished?: string | undefined;
}

/** What a description is written of: a table of pairs in Parquet and the media that it names. */
export interface Described {
  readonly name: string;
  readonly about: About;
  /** What it holds, for a description that nobody gave. */
  readonly summary: string;
  readonly manifest: { readonly file: string; readonly bytes: number; readonly sha256: string };
  /** Columns of the table, in its order. */
  readonly columns: readonly string[];
  /** For each modality that has files: patterns that match them, and the extensions that they have. */
  readonly files: ReadonlyMap<
    Modality,
    { readonly patterns: readonly string[]; readonly extensions: readonly string[] }
  >;
  readonly classes: readonly string[];
  readonly splits: readonly string[];
}

/** The properties of a description that the specification requires and that only a person knows. */
export const REQUIRED_ABOUT = ['license', 'url', 'creator', 'datePublished'] as const satisfies (keyof About)[];

/**
 * Appendix 1 of the specification 1.1, but with the https address of schema.org, as the specification's own examples and
 * mlcroissant have it, which refuses the other.
 */
const CONTEXT = {
  '@language': 'en',
  '@vocab': 'https://schema.org/',
  sc: 'https://schema.org/',
  cr: 'http://mlcommons.org/croissant/',
  rai: 'http://mlcommons.org/croissant/RAI/',
  dct: 'http://purl.org/dc/terms/',
  annotation: 'cr:annotation',
  arrayShape: 'cr:arrayShape',
  citeAs: 'cr:citeAs',
  column: 'cr:column',
  conformsTo: 'dct:conformsTo',
  containedIn: 'cr:containedIn',
  data: { '@id': 'cr:data', '@type': '@json' },
  dataType: { '@id': 'cr:dataType', '@type': '@vocab' },
  equivalentProperty: 'cr:equivalentProperty',
  examples: { '@id': 'cr:examples', '@type': '@json' },
  excludes: 'cr:excludes',
  extract: 'cr:extract',
  field: 'cr:field',
  fileProperty: 'cr:fileProperty',
  fileObject: 'cr:fileObject',
  fileSet: 'cr:fileSet',
  format: 'cr:format',
  includes: 'cr:includes',
  isArray: 'cr:isArray',
  isLiveDataset: 'cr:isLiveDataset',
  jsonPath: 'cr:jsonPath',
  key: 'cr:key',
  md5: 'cr:md5',
  parentField: 'cr:parentField',
  recordSet: 'cr:recordSet',
  references: 'cr:references',
  regex: 'cr:regex',
  readLines: 'cr:readLines',
  sdVersion: 'cr:sdVersion',
  separator: 'cr:separator',
  source: 'cr:source',
  subField: 'cr:subField',
  transform: 'cr:transform',
  unArchive: 'cr:unArchive',
  value: 'cr:value',
} as const;

const MEDIA: Readonly<Partial<Record<string, { readonly set: string; readonly type: string }>>> = {
  image: { set: 'images', type: 'sc:ImageObject' },
  audio: { set: 'sounds', type: 'sc:AudioObject' },
};
/** https://www.iana.org/assignments/media-types of what PairLab reads. */
const MIME_TYPES: Readonly<Partial<Record<string, string>>> = {
  png: 'image/png',
  jpg: 'image/jpeg',
  jpeg: 'image/jpeg',
  webp: 'image/webp',
  gif: 'image/gif',
  bmp: 'image/bmp',
  tif: 'image/tiff',
  tiff: 'image/tiff',
  avif: 'image/avif',
  wav: 'audio/wav',
  flac: 'audio/flac',
  mp3: 'audio/mpeg',
  ogg: 'audio/ogg',
  opus: 'audio/ogg',
};
const SPLITS: Readonly<Record<string, string>> = {
  train: 'cr:TrainingSplit',
  validation: 'cr:ValidationSplit',
  val: 'cr:ValidationSplit',
  test: 'cr:TestSplit',
};

/**
 * A description of Croissant 1.1: the record set `pairs` of the table, whose pictures and sounds are references to the
 * record sets of the files, and the splits and classes as record sets of their own.
 */
export function describeInCroissant(described: Described): Record<string, unknown> {
  const { name, about, summary, manifest, files, classes, splits } = described;
  const { description, creator, ...known } = about;
  return {
    '@context': CONTEXT,
    '@type': 'sc:Dataset',
    conformsTo: 'http://mlcommons.org/croissant/1.1',
    name,
    description: description ?? summary,
    ...Object.fromEntries(Object.entries(known).filter(([, value]) => value !== undefined)),
    ...(creator !== undefined && { creator: { '@type': 'sc:Person', name: creator } }),
    distribution: [
      {
        '@type': 'cr:FileObject',
        '@id': manifest.file,
        name: manifest.file,
        contentUrl: manifest.file,
        contentSize: `${manifest.bytes} B`,
        encodingFormat: 'application/x-parquet',
        sha256: manifest.sha256,
      },
      ...[...files].map(([modality, { patterns, extensions }]) => ({
        '@type': 'cr:FileSet',
        '@id': fileSetOf(modality),
        name: fileSetOf(modality),
        encodingFormat: [...new Set(extensions.map((extension) => MIME_TYPES[extension] ?? `${modality}/*`))],
        includes: patterns,
      })),
    ],
    recordSet: [
      ...(splits.length > 0 ? [splitSet(splits)] : []),
      ...(classes.length > 0 ? [classSet(classes)] : []),
      ...[...files.keys()].map(mediaSet),
      pairSet(described),
    ],
  };
}

function pairSet({ columns, manifest, files }: Described): object {
  const fields = columns.map((name) => {
    const source = { fileObject: { '@id': manifest.file }, extract: { column: name } };
    const media = [...files.keys()].some((modality) => modality === name) ? MEDIA[name] : undefined;
    const references = media === undefined ? REFERENCES[name] : `${media.set}/path`;
    return field(`pairs/${name}`, name === 'class' ? ['sc:Text', 'cr:Label'] : 'sc:Text', source, references);
  });
  return {
    '@type': 'cr:RecordSet',
    '@id': 'pairs',
    name: 'pairs',
    description: 'A record for each pair.',
    field: fields,
  };
}

const REFERENCES: Readonly<Partial<Record<string, string>>> = { split: 'splits/name', class: 'classes/name' };

function mediaSet(modality: Modality): object {
  const { set, type } = MEDIA[modality] ?? { set: modality, type: 'sc:Text' };
  const from = (fileProperty: string) => ({ fileSet: { '@id': fileSetOf(modality) }, extract: { fileProperty } });
  return {
    '@type': 'cr:RecordSet',
    '@id': set,
    name: set,
    key: { '@id': `${set}/path` },
    field: [field(`${set}/path`, 'sc:Text', from('fullpath')), field(`${set}/content`, type, from('content'))],
  };
}

function splitSet(splits: readonly string[]): object {
  return {
    '@type': 'cr:RecordSet',
    '@id': 'splits',
    name: 'splits',
    dataType: 'cr:Split',
    key: { '@id': 'splits/name' },
    field: [field('splits/name', 'sc:Text'), field('splits/url', ['sc:URL', 'cr:Split'])],
    data: splits.map((split) => ({
      'splits/name': split,
      ...(SPLITS[split] !== undefined && { 'splits/url': SPLITS[split] }),
    })),
  };
}

function classSet(classes: readonly string[]): object {
  return {
    '@type': 'cr:RecordSet',
    '@id': 'classes',
    name: 'classes',
    dataType: 'sc:Enumeration',
    key: { '@id': 'classes/name' },
    field: [field('classes/name', 'sc:Text')],
    data: classes.map((name) => ({ 'classes/name': name })),
  };
}

function field(id: string, dataType: string | readonly string[], source?: object, references?: string): object {
  return {
    '@type': 'cr:Field',
    '@id': id,
    name: id,
    dataType,
    ...(source && { source }),
    // The specification writes { "@id": … } here, which mlcroissant cannot read; both mean the same field.
    ...(references !== undefined && { references: { field: { '@id': references } } }),
  };
}

function fileSetOf(modality: Modality): string {
  return `${modality}-files`;
}
