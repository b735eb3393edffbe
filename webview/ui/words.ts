import type { AlignmentReport, Method, Modality, ModalityPair, RunState } from '../../src/protocol.ts';

/** What each method does, beside its name in the experiment file. */
export const methodSentences: Record<Method, string> = {
  croma: 'Meta-aligned on the source modality, then adapted to a few target items.',
  'align-classify': 'Aligned with the source modality, but not meta-trained.',
  scratch: 'Trained on the few target items alone.',
  'source-only': 'Meta-trained on the source modality, never aligned.',
  'source-to-source': 'Meta-trained and tested in the source modality.',
  oracle: 'Meta-trained on target labels of the other classes.',
  joint: 'One classifier of all training classes in both modalities, then adapted.',
  autoencoder: 'Meta-trained to reconstruct target items without labels.',
  prototypes: 'Meta-aligned; the nearest mean of the few target items answers.',
  'zero-shot': 'Meta-aligned; the nearest mean of labelled source items answers.',
  'cross-modal': 'Meta-aligned; labelled source items count as more shots.',
  contrastive: 'Two encoders aligned as CLIP does it, then adapted.',
  'robust-contrastive': 'As contrastive, from the pairs that look right.',
  'croma-released': 'What the released code of CROMA computes, leak included: only to explain it.',
  mona: 'Fine-tuned from a source model, after the embedder learnt to keep what the source knows.',
  'warm-up': 'Fine-tuned from a source model, after the embedder was warmed up.',
  'orca-otdd': 'Fine-tuned from a source model, after the embedder met the source by optimal transport.',
  'orca-otdd-gaussian': 'The same, with the classes as Gaussians.',
  'orca-mmd': 'Fine-tuned from a source model, after the embedder met the source by mean discrepancy.',
  'orca-l2': 'Fine-tuned from a source model, after the embedder met the source by mean distance.',
  'fine-tune': 'Fine-tuned from a source model as a whole.',
  frozen: 'Fine-tuned from a source model whose encoder trains its layer norms alone.',
  'linear-probe': 'A source model of which the head alone is trained.',
  'transfer-scratch': 'The network of these methods, trained on the few target items alone.',
};

export const runStateNames: Record<RunState, string> = {
  queued: 'Queued',
  running: 'Running',
  stopping: 'Stopping',
  finished: 'Finished',
  stopped: 'Stopped',
  failed: 'Failed',
  interrupted: 'Interrupted',
};

export function direction(from: Modality, to: Modality): string {
  return `${from} → ${to}`;
}

export function modalityPairName({ first, second }: ModalityPair): string {
  return `${first} and ${second}`;
}

/** The last part of a path, whichever way its slashes lean. */
export function fileName(path: string): string {
  return path.slice(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1);
}

export function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** What the probability of a mismatch means in a report: pairs like strangers are wrong only where they stand out. */
export function mismatchWord({ mismatches }: AlignmentReport): string {
  return mismatches?.standOut === true ? 'probably wrong' : 'like strangers';
}
