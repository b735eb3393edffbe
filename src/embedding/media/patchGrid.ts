/** Pixels along a side of a patch. */
const PATCH = 6;
/** Patches along a side of a picture. */
const GRID = 6;
/** Pixels along a side of a picture. */
export const SIZE = PATCH * GRID;

/** Of a picture's array: [rows, columns, width] of its patches. */
export const patchShape = (channels: number): readonly number[] => [GRID, GRID, PATCH * PATCH * channels];

/** From 36 × 36 × channels to 6 × 6 patches, both row-major; within a patch: row, column, channel. */
export function cutIntoPatches(picture: Float32Array): Float32Array {
  const patches = new Float32Array(picture.length);
  const channels = picture.length / SIZE ** 2;
  const line = PATCH * channels;
  let at = 0;
  for (let patch = 0; patch < GRID * GRID; patch++) {
    const [top, left] = [PATCH * Math.floor(patch / GRID), PATCH * (patch % GRID)];
    for (let row = top; row < top + PATCH; row++, at += line) {
      const start = (row * SIZE + left) * channels;
      patches.set(picture.subarray(start, start + line), at);
    }
  }
  return patches;
}
