import * as z from 'zod';
import type { Job } from '../../base/progress.ts';
import type { Modality } from '../../protocol.ts';
import type { Staging } from '../staging.ts';
import { audioCaps } from './audioCaps.ts';
import { classFolders } from './classFolders.ts';
import { clotho } from './clotho.ts';
import { coco } from './coco.ts';
import { commonVoice } from './commonVoice.ts';
import { croissant } from './croissant.ts';
import { datacomp } from './datacomp.ts';
import { flickr } from './flickr.ts';
import type { Candidate, Folder, Format } from './format.ts';
import { huggingFaceFolder } from './huggingFaceFolder.ts';
import { huggingFaceTable } from './huggingFaceTable.ts';
import { img2dataset } from './img2dataset.ts';
import { kaldi } from './kaldi.ts';
import { karpathy } from './karpathy.ts';
import { libriSpeech } from './libriSpeech.ts';
import { ljSpeech } from './ljSpeech.ts';
import { nemo } from './nemo.ts';
import { openClip } from './openClip.ts';
import { stem } from './stem.ts';
import { table } from './table.ts';
import { vectors } from './vectors.ts';
import { webDataset } from './webDataset.ts';

/** `pairing` of a pairlab.yaml: one of all layouts. */
export const Pairing = z.discriminatedUnion('layout', [
  stem.schema,
  classFolders.schema,
  croissant.schema,
  huggingFaceFolder.schema,
  table.schema,
  audioCaps.schema,
  clotho.schema,
  coco.schema,
  commonVoice.schema,
  flickr.schema,
  kaldi.schema,
  karpathy.schema,
  libriSpeech.schema,
  ljSpeech.schema,
  nemo.schema,
  openClip.schema,
  webDataset.schema,
  huggingFaceTable.schema,
  vectors.schema,
  img2dataset.schema,
  datacomp.schema,
]);
export type Pairing = z.infer<typeof Pairing>;

/** A format whose settings are those of any layout; it checks that they are its own. */
type AnyFormat = Format<z.ZodType<Pairing>>;

const FORMATS: Readonly<Record<Pairing['layout'], AnyFormat>> = {
  stem: anyOf(stem),
  'class-folders': anyOf(classFolders),
  croissant: anyOf(croissant),
  'hugging-face-folder': anyOf(huggingFaceFolder),
  table: anyOf(table),
  audiocaps: anyOf(audioCaps),
  clotho: anyOf(clotho),
  'coco-captions': anyOf(coco),
  'common-voice': anyOf(commonVoice),
  flickr: anyOf(flickr),
  kaldi: anyOf(kaldi),
  karpathy: anyOf(karpathy),
  librispeech: anyOf(libriSpeech),
  ljspeech: anyOf(ljSpeech),
  nemo: anyOf(nemo),
  'open-clip': anyOf(openClip),
  webdataset: anyOf(webDataset),
  'hugging-face-table': anyOf(huggingFaceTable),
  vectors: anyOf(vectors),
  img2dataset: anyOf(img2dataset),
  datacomp: anyOf(datacomp),
};

export function modalitiesOfPairing(pairing: Pairing): Modality[] {
  return FORMATS[pairing.layout].modalities(pairing);
}

/** {@link Format.byNames} of the layout. */
export function goesByNames(pairing: Pairing): boolean {
  return FORMATS[pairing.layout].byNames === true;
}

/** Why a file of the modality is no item of the layout, as a clause. */
export function leftOver(pairing: Pairing, modality: Modality): string {
  return FORMATS[pairing.layout].leftOver(pairing, modality);
}

/** {@link Format.read} of the layout. */
export async function readPairing(pairing: Pairing, staging: Staging, job: Job): Promise<void> {
  await FORMATS[pairing.layout].read(pairing, staging, job);
}

/** What every layout proposes for a folder. */
export async function proposePairings(folder: Folder, job: Job): Promise<Candidate<Pairing>[]> {
  const candidates: Candidate<Pairing>[] = [];
  for (const format of Object.values(FORMATS)) candidates.push(...(await format.propose(folder, job)));
  return candidates;
}

function anyOf<S extends z.ZodType<Pairing>>(format: Format<S>): AnyFormat {
  return {
    schema: format.schema,
    ...(format.byNames && { byNames: format.byNames }),
    modalities: (pairing) => format.modalities(format.schema.parse(pairing)),
    leftOver: (pairing, modality) => format.leftOver(format.schema.parse(pairing), modality),
    propose: (folder, job) => format.propose(folder, job),
    read: (pairing, staging, job) => format.read(format.schema.parse(pairing), staging, job),
  };
}
