import { createRequire } from 'node:module';
import * as tf from '@tensorflow/tfjs-core';

/**
 * Kernels of published packages are functions that call the class they extend, which a class of today refuses. The base
 * class has no state: there is nothing to construct.
 */
function KernelBackend(): void {}
KernelBackend.prototype = tf.KernelBackend.prototype;

const CORE = { ...tf, KernelBackend };

/** Under these names packages ask for the core; `@tensorflow/tfjs` is the core with what we do not need. */
const NAMES = ['@tensorflow/tfjs-core', '@tensorflow/tfjs'];

/**
 * A `require` for a package with kernels, which hands it the tfjs-core that this code is bundled with. A second copy
 * would be a second engine: a backend registered in one is unknown to the other.
 *
 * @param packageFile the package.json of the package
 */
export function requireWithOurCore(packageFile: string): NodeJS.Require {
  const require = createRequire(packageFile);
  for (const name of NAMES) {
    const file = resolved(require, name);
    if (file === undefined) continue;
    const lent = { id: file, filename: file, path: file, exports: CORE, loaded: true, children: [], paths: [] };
    require.cache[file] = { ...lent, require, parent: null, isPreloading: false };
  }
  return require;
}

/** Undefined where the package comes without it: then nothing of it is loaded either. */
function resolved(require: NodeJS.Require, name: string): string | undefined {
  try {
    return require.resolve(name);
  } catch {
    return undefined;
  }
}
