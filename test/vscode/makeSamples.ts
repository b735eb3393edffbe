import { makeFinishedSample, makeSample } from './samples.mjs';

/** Before the first walk. */
// biome-ignore lint/style/noDefaultExport: Playwright asks for it.
export default async function makeSamples(): Promise<void> {
  await makeSample();
  await makeFinishedSample();
}
