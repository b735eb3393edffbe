import type { ItemRow } from '../../dataset/snapshot.ts';
import type { DecoderPool } from '../../decoding/decoderPool.ts';
import type { Modality } from '../../protocol.ts';
import type { MediaReader } from '../models/encodeByModel.ts';
import type { ModelMedia } from '../models/messages.ts';

const BATCH: Readonly<Record<Modality, number>> = { image: 16, audio: 4, text: 64 };
/** A picture is shrunk to so many pixels before the model's own preparation shrinks it to its size. */
const PIXELS = 1024 * 1024;

/** Decodes items for a model that prepares them itself. */
export function decodedMedia(modality: Modality, decoders: DecoderPool): MediaReader {
  return {
    batch: BATCH[modality],
    concurrency: decoders.concurrency,
    read: (item) => decode(item, modality, decoders),
  };
}

async function decode(item: ItemRow, modality: Modality, decoders: DecoderPool): Promise<ModelMedia> {
  switch (modality) {
    case 'image':
      return { kind: 'picture', ...(await decoders.picture(item.location, PIXELS)) };
    case 'audio': {
      const { samples, sampleRate } = await decoders.sound(item.location);
      return { kind: 'sound', samples, sampleRate };
    }
    case 'text':
      return { kind: 'text', text: item.text ?? (await decoders.text(item.location)) };
  }
}
