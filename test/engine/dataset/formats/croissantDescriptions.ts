import { croissant } from '../../../../src/dataset/formats/croissant.ts';
import type { Files } from '../place.ts';
import { type Found, readFiles } from './read.ts';

export const MANIFEST = {
  '@type': 'cr:FileObject',
  '@id': 'captions.csv',
  name: 'captions.csv',
  contentUrl: 'captions.csv',
  encodingFormat: 'text/csv',
};
export const PICTURES = {
  '@type': 'cr:FileSet',
  '@id': 'pictures',
  encodingFormat: 'image/png',
  includes: 'images/*.png',
};

export function column(id: string, name: string, more: object = {}) {
  const source = { fileObject: { '@id': 'captions.csv' }, extract: { column: name } };
  return { '@type': 'cr:Field', '@id': id, dataType: 'sc:Text', source, ...more };
}

export function property(id: string, name: string, more: object = {}, transform?: object) {
  const source = { fileSet: { '@id': 'pictures' }, extract: { fileProperty: name }, ...(transform && { transform }) };
  return { '@type': 'cr:Field', '@id': id, dataType: 'sc:Text', source, ...more };
}

export function description(distribution: unknown, recordSet: unknown, more: object = {}) {
  return JSON.stringify({
    '@context': { '@vocab': 'https://schema.org/', cr: 'http://mlcommons.org/croissant/' },
    '@type': 'sc:Dataset',
    conformsTo: 'http://mlcommons.org/croissant/1.1',
    name: 'captioned',
    license: 'None',
    distribution,
    recordSet,
    ...more,
  });
}

export const CONTENT = { dataType: 'sc:ImageObject' };

/** Pictures of a file set, joined to the captions of a table by their name. */
export function joined(references: object, captionSource: object = { '@id': 'captions/caption' }) {
  return description(
    [MANIFEST, PICTURES],
    [
      {
        '@type': 'cr:RecordSet',
        '@id': 'captions',
        field: [column('captions/file', 'file'), column('captions/caption', 'caption')],
      },
      {
        '@type': 'cr:RecordSet',
        '@id': 'images',
        field: [
          property('images/name', 'filename', { references }),
          property('images/content', 'content', CONTENT),
          { '@type': 'cr:Field', '@id': 'images/caption', dataType: 'sc:Text', source: captionSource },
          property('images/split', 'fullpath', {}, { regex: '^images/(train|test)_' }),
        ],
      },
    ],
  );
}

export const IMAGES = {
  layout: 'croissant' as const,
  file: 'croissant.json',
  records: 'images',
  items: { image: ['images/content'], text: ['images/caption'] },
  strength: 'strong' as const,
};
export const FILES = {
  'images/train_1.png': 'one',
  'images/test_2.png': 'two',
  'captions.csv': 'file,caption\ntrain_1.png,A dog\ntest_2.png,A cat\n',
};

export function read(json: string, pairing: object = {}, files: Files = FILES): Promise<Found> {
  return readFiles(croissant, { ...IMAGES, ...pairing }, { 'croissant.json': json, ...files });
}
