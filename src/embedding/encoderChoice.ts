/** By what the items of a modality are to be encoded. Without `encoder`: as the modality is by default. */
export interface EncoderChoice {
  /**
   * A built-in encoder, the name of a stored embedding set, the folder of an ONNX model or of a run, or a file or folder
   * of arrays. A plain word that names a stored set means that set; `./word` is a path in any case.
   */
  readonly encoder?: string | undefined;
  /** The name of the embedding set; that of the file or folder by default. */
  readonly name?: string | undefined;
  /** Sets of one space are directly comparable: the two sides of one model, say. */
  readonly space?: string | undefined;
  /** The array in files that hold several. */
  readonly array?: string | undefined;
  /** A file with an id for each row of the arrays. */
  readonly ids?: string | undefined;
  /** A folder from which `@huggingface/transformers` can be loaded. */
  readonly transformers?: string | undefined;
}

/** The name of an encoder that a run's record names with its version: "patches 2". */
export function nameOfEncoder(encoder: string): string {
  return encoder.replace(/ \d+$/, '');
}
