/** What is on a canvas as a PNG. Fails with a sentence where it is too large for the browser. */
export async function pngOfCanvas(canvas: HTMLCanvasElement): Promise<Blob> {
  const blob = await new Promise<Blob | null>((done) => canvas.toBlob(done, 'image/png'));
  if (!blob) throw new Error('The picture is too large for this window. Make the panel smaller.');
  return blob;
}
