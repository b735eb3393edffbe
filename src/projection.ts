import { isMainThread } from 'node:worker_threads';

/** Lays out one map, and the thread that guards it; each loads only what it needs. */
async function main(): Promise<void> {
  if (isMainThread) {
    const { serveProjection } = await import('./alignment/projection/projectionProgram.ts');
    serveProjection(__filename);
  } else {
    const { guardProcess, MEMORY_GIGABYTES } = await import('./decoding/guard.ts');
    guardProcess(MEMORY_GIGABYTES * 1e9);
  }
}

void main();
