import { join } from 'node:path';
import type { Dataset } from '../../../../src/dataset/config.ts';

/** A dataset in a folder, as far as decisions need one. */
export function datasetIn(folder: string): Dataset {
  return {
    name: 'demo',
    path: join(folder, 'pairlab.yaml'),
    workspace: folder,
    root: join(folder, 'data'),
    folder: join(folder, '.pairlab', 'datasets', 'demo'),
    config: {
      name: 'demo',
      root: 'data',
      pairing: {
        layout: 'stem',
        items: { image: 'images/{stem}', text: 'captions/{stem}' },
        stem: 'up-to-last-dot',
        strength: 'strong',
      },
    },
  };
}
