import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { EnvironmentError } from '../../base/errors.ts';

const PACKAGE = '@huggingface/transformers';
const INSTALL = `npm install --ignore-scripts ${PACKAGE}`;

/**
 * Where the optional package that runs ONNX models is loaded from: the folder that was asked for, else that of the variable
 * PAIRLAB_TRANSFORMERS, the working directory, or where PairLab is installed. Never the dataset's folder: nothing of a
 * dataset is run. Throws {@link EnvironmentError} with the command that installs it.
 */
export function findTransformers(asked: string | undefined): string {
  const fromEnvironment = process.env['PAIRLAB_TRANSFORMERS'];
  const places = asked === undefined ? [fromEnvironment, process.cwd(), __dirname] : [asked];
  for (const place of places) {
    const found = place === undefined || place === '' ? undefined : resolveFrom(resolve(place));
    if (found !== undefined) return found;
  }
  const where = asked === undefined ? 'is not installed' : `cannot be loaded from ${asked}`;
  throw new EnvironmentError(
    `ONNX models run in the package ${PACKAGE}, which ${where}. Run \`${INSTALL}\` in a folder of yours, and name it with --transformers unless you work in it.`,
  );
}

function resolveFrom(folder: string): string | undefined {
  try {
    return createRequire(join(folder, 'package.json')).resolve(PACKAGE);
  } catch {
    return undefined;
  }
}
