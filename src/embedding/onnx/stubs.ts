import { InputError } from '../../base/errors.ts';
import type { ModelConfig } from './modelFolder.ts';
import type { Tensor } from './peer.ts';
import type { Prepared } from './preparation.ts';

const PICTURE_SIZE = 224;
const STUB_TOKENS = 8;

/**
 * An input that the preparation does not give. A model that was exported as a whole wants both of its modalities: the other
 * one gets an empty picture or text, on which the wanted vectors do not depend. Throws {@link InputError} for any other.
 */
export function stubFor(name: string, given: Prepared['inputs'], config: ModelConfig): Tensor {
  const tokens = given['input_ids']?.dims;
  switch (name) {
    case 'pixel_values': {
      const size = config.vision_config?.image_size ?? PICTURE_SIZE;
      return { type: 'float32', dims: [1, 3, size, size], data: new Float32Array(3 * size * size) };
    }
    case 'input_ids':
    case 'attention_mask':
      return whole(tokens ?? [1, config.text_config?.max_position_embeddings ?? STUB_TOKENS], () => 1n);
    case 'token_type_ids':
      return whole(tokens ?? [1, STUB_TOKENS], () => 0n);
    case 'position_ids': {
      const dims = tokens ?? [1, STUB_TOKENS];
      return whole(dims, (index) => BigInt(index % (dims[1] ?? 1)));
    }
    case 'is_longer':
      return { type: 'bool', dims: [1, 1], data: new Uint8Array(1) };
    default:
      throw new InputError(
        `wants the input "${name}", which PairLab cannot give: export each side of the model by itself (text_model.onnx, vision_model.onnx, audio_model.onnx)`,
      );
  }
}

function whole(dims: number[], at: (index: number) => bigint): Tensor {
  const count = dims.reduce((product, size) => product * size, 1);
  return { type: 'int64', dims, data: BigInt64Array.from({ length: count }, (_, index) => at(index)) };
}
