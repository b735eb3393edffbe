/** Bundles the project into dist/. */
import { node, succeed } from './process.mjs';

/** @param {{ production?: boolean }} [options] */
export async function build({ production = false } = {}) {
  await succeed('The build', node('esbuild.mjs', production ? ['--production'] : []));
}
