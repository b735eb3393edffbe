import { isMainThread } from 'node:worker_threads';

/** A process that runs an ONNX model, and the thread that ends it when its parent is gone. */
async function main(): Promise<void> {
  if (isMainThread) {
    const { serveModel } = await import('./embedding/onnx/program.ts');
    serveModel(__filename);
  } else {
    const { guardProcess } = await import('./decoding/guard.ts');
    guardProcess(Number.POSITIVE_INFINITY);
  }
}

void main();
