/** Below this many pixels on the longer side a picture counts as tiny. */
const tiny = 128;
/** Pixels on the longer side that a tiny picture is enlarged towards. */
const comfortable = 256;

/** The whole factor by which a picture of this many pixels is shown larger; 1 for all but tiny ones. */
export function pictureScale(width: number, height: number): number {
  const longer = Math.max(width, height);
  if (longer === 0 || longer >= tiny) return 1;
  return Math.floor(comfortable / longer);
}
