import type { ProblemKind } from '../../protocol.ts';

/** What a kind of problem means, and what to do about it, in whole sentences. */
export interface KindWords {
  readonly meaning: string;
  readonly advice: string;
}

export const problemKinds: Readonly<Record<ProblemKind, KindWords>> = {
  'missing-counterpart': {
    meaning: 'An item has no partner of the other modality, so no step uses it.',
    advice: 'Add the partner, correct the pairing rule in the dataset file, or delete the item.',
  },
  'missing-file': {
    meaning: 'The dataset names a file that is not there; the pairs of that file are left out.',
    advice: 'Restore the file, or delete the row that names it.',
  },
  'ambiguous-pairing': {
    meaning: 'Several files or rows claim the same place in a pair, so the pairing would be a guess.',
    advice: 'Rename the files, or make the pairing rule tell them apart.',
  },
  'exact-duplicate': {
    meaning:
      'Several items have the same content: the same bytes, the same decoded pixels or samples, or the same text after normalisation. Copies count twice in training and inflate retrieval.',
    advice: 'Keep one copy and exclude the others. Equal texts are often meant: two pictures may share a caption.',
  },
  'near-duplicate': {
    meaning:
      'Items look, sound or read nearly the same, such as one picture saved twice with different compression. They are found by perceptual hashes, so a group may also be a false alarm.',
    advice: 'Compare them, keep one and exclude the others, or leave them when they are meant.',
  },
  'split-leak': {
    meaning:
      'The same item, nearly the same item, or the same source (a speaker, a recording) stands in several splits, so results on the test split are too good.',
    advice: 'Keep all of it in one split.',
  },
  'unreadable-media': {
    meaning: 'The bytes are damaged, cut off, or of another kind than media.',
    advice: 'Copy the file again from its source, or delete it.',
  },
  'wrong-extension': {
    meaning:
      'The file holds another format than its extension promises. PairLab goes by the bytes; other tools may fail.',
    advice: 'Rename the file, and where a table names it.',
  },
  'empty-item': {
    meaning: 'The item has no content.',
    advice: 'Restore it, or delete it.',
  },
  'missing-text': {
    meaning:
      'A text is a word that stands for a missing one, such as nan or null. Other tools read it as missing, or train on the word.',
    advice: 'Write the text, or exclude the item.',
  },
  silent: {
    meaning: 'Nearly all of a sound is below −60 dB of full scale.',
    advice: 'Record it again, or exclude it.',
  },
  clipped: {
    meaning: 'Many samples of a sound are at full scale, which is heard as distortion.',
    advice: 'Record it again with less gain, or exclude it.',
  },
  'single-colour': {
    meaning: 'All pixels of a picture have nearly the same colour.',
    advice: 'Replace the picture, or exclude it.',
  },
  'too-short': {
    meaning: 'A sound is too short to hold a syllable.',
    advice: 'Replace the sound, or exclude it.',
  },
  'too-small': {
    meaning: 'A picture is smaller than a patch of a vision model: a tracking pixel or a broken thumbnail.',
    advice: 'Replace the picture, or exclude it.',
  },
  'too-large': {
    meaning: 'The item is beyond the limits within which untrusted data is read.',
    advice: 'Split it, or make it smaller.',
  },
  'unsupported-format': {
    meaning: 'PairLab knows the format by name but cannot read it. The file itself may be in order.',
    advice: 'Convert it to a format that is read.',
  },
  'outside-root': {
    meaning: 'A path leads out of the root of the dataset. Such a file is never opened.',
    advice: 'Copy the file below the root and correct the path.',
  },
  'bad-row': {
    meaning: 'A row of a table cannot be used.',
    advice: 'Correct the row.',
  },
  'broken-archive': {
    meaning: 'An archive is damaged or cut off; what stands before the damage is used.',
    advice: 'Copy the archive again.',
  },
  'returning-key': {
    meaning: 'A key comes again after other keys, so that readers see two half samples.',
    advice: 'Write the members of a sample next to each other.',
  },
  'mixed-fields': {
    meaning: 'Samples have different sets of fields, which some loaders refuse.',
    advice: 'Give every sample the same fields.',
  },
  'bad-vector': {
    meaning: 'A vector has no length, holds values that are not finite, or does not fit the others.',
    advice: 'Compute the vectors again.',
  },
  'class-imbalance': {
    meaning:
      'The largest class has ten times as many items as the smallest, or more. A mean over items then says little about small classes.',
    advice: 'Balance the classes, or weigh what is measured by class.',
  },
  'absent-class': {
    meaning: 'A class has items in one split or modality and none in another.',
    advice: 'Divide each class among the splits, or leave the class out.',
  },
  'name-differs': {
    meaning:
      'A name in the dataset differs from the name of the file in upper and lower case. It works on some systems only.',
    advice: 'Write the same name in both places.',
  },
  'checksum-differs': {
    meaning: 'The content of a file is not what its published checksum says.',
    advice: 'Download the file again, or correct the checksum.',
  },
  'stale-decision': {
    meaning: 'A decision in the exclusions file is about a pair or item that is not in the dataset any more.',
    advice: 'Undo the decision, or restore what it was about.',
  },
  'dropped-by-hugging-face': {
    meaning: 'The folder builders of Hugging Face datasets would load this folder differently and leave something out.',
    advice: 'Nothing, unless the folder is to be loaded with Hugging Face datasets.',
  },
  'not-part-of-layout': {
    meaning: 'A file lies below the root, but the layout has no use for it.',
    advice: 'Nothing, or correct the pairing rule in the dataset file.',
  },
};
