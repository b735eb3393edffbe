import { createReadStream } from 'node:fs';
import { extract } from 'tar-stream';
import { walkTar } from '../../src/container/tar.ts';

/** Seconds that PairLab takes to find all members of an archive, and how many there are. */
export async function timeWalk(path: string): Promise<{ seconds: number; members: number }> {
  const start = performance.now();
  let members = 0;
  for await (const batch of walkTar(path)) members += batch.length;
  return { seconds: (performance.now() - start) / 1000, members };
}

/** The same by tar-stream, which reads every byte of the archive. */
export async function timeTarStream(path: string): Promise<{ seconds: number; members: number }> {
  const start = performance.now();
  let members = 0;
  const archive = createReadStream(path, { highWaterMark: 1024 * 1024 }).pipe(extract());
  for await (const entry of archive) {
    members++;
    entry.resume();
  }
  return { seconds: (performance.now() - start) / 1000, members };
}
