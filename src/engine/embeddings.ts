import { embeddingSetsOf } from '../embedding/embeddingSets.ts';
import type { Handlers } from './handlers.ts';
import type { SnapshotShelf } from './snapshotShelf.ts';

export function embeddingHandlers(shelf: SnapshotShelf): Handlers<'embedding'> {
  return { 'embedding/list': ({ dataset }) => shelf.read(dataset, embeddingSetsOf) };
}
