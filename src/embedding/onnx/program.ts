import { Worker } from 'node:worker_threads';
import { InputError, PairLabError } from '../../base/errors.ts';
import { type ModelAnswer, ModelRequest } from './messages.ts';
import { Model } from './model.ts';

/**
 * Runs a model for its parent, one request at a time, until the parent ends it or is gone.
 *
 * @param script absolute path of the bundle, which ends the process from a thread when its parent is gone
 */
export function serveModel(script: string): void {
  new Worker(script).unref();
  process.on('disconnect', () => process.exit());
  let model: Model | undefined;
  let turn = Promise.resolve();
  const answer = async (request: ModelRequest): Promise<ModelAnswer> => {
    if (request.kind === 'open') {
      model = await Model.open(request.folder, request.modality, request.transformers);
      return { kind: 'opened', isShared: model.isShared };
    }
    if (model === undefined) throw new InputError('no model is open');
    return { kind: 'vectors', ...(await model.encode(request.media)) };
  };
  process.on('message', (sent) => {
    turn = turn.then(async () => {
      process.send?.(await answer(ModelRequest.parse(sent)).catch(explain));
    });
  });
}

function explain(error: unknown): ModelAnswer {
  const sentence = error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error);
  const isMachine = error instanceof PairLabError && error.kind === 'environment';
  return { kind: isMachine ? 'refusal' : 'unusable', sentence };
}
