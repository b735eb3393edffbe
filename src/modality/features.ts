/** What decoding an item tells beyond its header. */
export interface Features {
  /**
   * SHA-256, hexadecimal, of what was decoded: the pixels as shown (width, height, RGBA of 8 bits), the samples (rate,
   * channels, 16 bits), or the normalised text. Items of equal hash look, sound or read the same.
   */
  readonly decodedHash: string;
  /** What `similarity` compares; absent where there is too little to compare, as in a picture of one colour. */
  readonly signature?: string;
  /** Keys for finding near-duplicates without comparing all pairs: only items that share a band are compared. */
  readonly bands?: readonly string[];
  /** Of a picture: standard deviation of its luminance, in [0, 1]; 0 is a single colour. */
  readonly spread?: number;
  /** Of a sound: the largest absolute sample, in [0, 1]. */
  readonly peak?: number;
  /** Of a sound: share of the samples that are at full scale, in runs of at least three. */
  readonly clipped?: number;
  /** Of a sound: share of the 20-ms frames whose root mean square is below −60 dB of full scale. */
  readonly silent?: number;
  /** Of a text: ISO 639-1, when sure. */
  readonly language?: string;
}
