import { InputError } from '../../base/errors.ts';
import type { Modality } from '../../protocol.ts';
import type { ModelMedia, Vectors } from '../models/messages.ts';
import { type ModelFolder, openModelFolder } from './modelFolder.ts';
import { fieldsOf, loadPeer, openSession, type Runtime, type Session, Tensor } from './peer.ts';
import { type Choice, chooseOutput, pool } from './pooling.ts';
import { type Preparation, type Prepared, preparationFor } from './preparation.ts';
import { stubFor } from './stubs.ts';

/** One modality of an ONNX model, ready to encode. */
export class Model {
  readonly #folder: ModelFolder;
  readonly #preparation: Preparation;
  readonly #runtime: Runtime;
  readonly #session: Session;
  readonly #choice: Choice;

  /** @param script of the package that runs it. Throws `EnvironmentError` and {@link InputError}. */
  static async open(path: string, modality: Modality, script: string): Promise<Model> {
    const peer = loadPeer(script);
    const folder = await openModelFolder(path, modality);
    const preparation = await preparationFor(modality, folder, peer);
    const session = await openSession(peer.runtime, folder.onnx);
    const choice = chooseOutput(session.outputNames, modality, folder.config.model_type, folder.pooling);
    if (choice !== undefined) return new Model(folder, preparation, peer.runtime, session, choice);
    throw new InputError(
      `${folder.onnx} gives ${session.outputNames.join(', ')}, none of which are vectors of ${modality} items. Export the model for feature extraction.`,
    );
  }

  private constructor(
    folder: ModelFolder,
    preparation: Preparation,
    runtime: Runtime,
    session: Session,
    choice: Choice,
  ) {
    this.#folder = folder;
    this.#preparation = preparation;
    this.#runtime = runtime;
    this.#session = session;
    this.#choice = choice;
  }

  /** True for vectors in the space that the two sides of the model share. */
  get isShared(): boolean {
    return this.#choice.isShared;
  }

  /** Items × dimensions. Throws what the runtime throws. */
  async encode(media: readonly ModelMedia[]): Promise<Omit<Vectors, 'kind'>> {
    const parts: Omit<Vectors, 'kind'>[] = [];
    const { together } = this.#preparation;
    for (let start = 0; start < media.length; start += together) {
      const some = media.slice(start, start + together);
      parts.push(await this.#run(await this.#preparation.prepare(some), some.length));
    }
    const dimensions = parts[0]?.dimensions ?? 0;
    const vectors = new Float32Array(media.length * dimensions);
    for (const [index, part] of parts.entries()) vectors.set(part.vectors, index * together * dimensions);
    return { dimensions, vectors };
  }

  async #run({ inputs, filled }: Prepared, items: number): Promise<Omit<Vectors, 'kind'>> {
    const feeds: Record<string, object> = {};
    for (const name of this.#session.inputNames) {
      const { type, data, dims } = inputs[name] ?? stubFor(name, inputs, this.#folder.config);
      feeds[name] = new this.#runtime.Tensor(type, data, dims);
    }
    const outputs = await this.#session.run(feeds, [this.#choice.output]);
    const output = Tensor.parse(fieldsOf(Reflect.get(Object(outputs), this.#choice.output)));
    if (!(output.data instanceof Float32Array))
      throw new InputError(`gives numbers of the type ${output.type}, not float32`);
    const tokens = output.dims.length === 3 ? (output.dims[1] ?? 0) : 0;
    const weights = weightsOf(inputs, tokens, filled);
    const pooled = pool({ dims: output.dims, data: output.data }, this.#choice.pooling, weights);
    if (pooled.vectors.length === items * pooled.dimensions) return pooled;
    throw new InputError(`gives ${pooled.vectors.length} numbers for ${items} items`);
  }
}

/** Which tokens count: those that the attention mask keeps, or those of a sound that are not padding. */
function weightsOf(inputs: Prepared['inputs'], tokens: number, filled: number | undefined): number[] | undefined {
  const mask = inputs['attention_mask'];
  if (mask?.dims[1] === tokens) return Array.from(mask.data, Number);
  if (filled === undefined || filled >= 1) return undefined;
  const heard = Math.max(1, Math.ceil(filled * tokens));
  return Array.from({ length: tokens }, (_, token) => (token < heard ? 1 : 0));
}
