import { InputError, PairLabError } from '../../base/errors.ts';
import { type ModelAnswer, type ModelMedia, ModelRequest, type Vectors } from './messages.ts';

/** One modality of a model, ready to encode. */
export interface OpenModel {
  /** True for vectors in the space that the two sides of the model share. */
  readonly isShared: boolean;
  /** Items × dimensions. */
  encode(media: readonly ModelMedia[]): Promise<Omit<Vectors, 'kind'>>;
}

type Open = (request: Extract<ModelRequest, { kind: 'open' }>) => Promise<OpenModel>;

/** Runs a model for the parent of this process, one request at a time, until the parent ends it or is gone. */
export function serveModel(open: Open): void {
  process.on('disconnect', () => process.exit());
  let model: OpenModel | undefined;
  let turn = Promise.resolve();
  const answer = async (request: ModelRequest): Promise<ModelAnswer> => {
    if (request.kind === 'open') {
      model = await open(request);
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
