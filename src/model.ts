import { isMainThread, Worker } from 'node:worker_threads';

/**
 * `node model.js <script of @huggingface/transformers>`: a process that runs an ONNX model for its parent, and the thread
 * that ends it when its parent is gone.
 */
async function main([transformers = '']: readonly string[]): Promise<void> {
  if (isMainThread) {
    const { serveModel } = await import('./embedding/models/serveModel.ts');
    const { Model } = await import('./embedding/onnx/model.ts');
    new Worker(__filename).unref();
    serveModel(({ folder, modality }) => Model.open(folder, modality, transformers));
  } else {
    const { guardProcess } = await import('./decoding/guard.ts');
    guardProcess(Number.POSITIVE_INFINITY);
  }
}

void main(process.argv.slice(2));
