/**
 * Headers a second of a tar archive, by PairLab and by tar-stream in the same run: a million members of 100 bytes, and
 * 20,000 members of 100 KB, which PairLab skips.
 */
import { createWriteStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';

const CASES = [
  { members: 1_000_000, bytes: 100 },
  { members: 20_000, bytes: 100_000 },
];
const RUNS = 3;
const BLOCK = 512;
const path = (relative) => fileURLToPath(new URL(relative, import.meta.url));

/** Members `0000000.jpg`, `0000000.txt`, `0000001.jpg`, …, written as fast as the disk takes them. */
async function writeArchive(file, members, bytes) {
  const stream = createWriteStream(file, { highWaterMark: 4 * 1024 * 1024 });
  const padding = Math.ceil(bytes / BLOCK) * BLOCK - bytes;
  const header = Buffer.alloc(BLOCK + bytes + padding);
  header.write('0000644\0', 100);
  header.write(`${bytes.toString(8).padStart(11, '0')}\0`, 124);
  header.write('0', 156);
  header.write('ustar\x0000', 257);
  for (let index = 0; index < members; index++) {
    header.write(`${String(index >> 1).padStart(7, '0')}.${index % 2 === 0 ? 'jpg' : 'txt'}`, 0);
    header.write(' '.repeat(8), 148);
    let sum = 0;
    for (let at = 0; at < BLOCK; at++) sum += header[at];
    header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
    if (!stream.write(Buffer.from(header))) await new Promise((resolve) => stream.once('drain', resolve));
  }
  await new Promise((resolve) => stream.end(Buffer.alloc(2 * BLOCK), resolve));
}

async function bestOf(time, file) {
  const runs = [];
  for (let run = 0; run < RUNS; run++) runs.push(await time(file));
  return runs.reduce((best, run) => (run.seconds < best.seconds ? run : best));
}

const bundle = path('./indexTar.bundle.cjs');
const folder = await mkdtemp(join(tmpdir(), 'pairlab-bench-'));
const options = { bundle: true, platform: 'node', format: 'cjs', mainFields: ['module', 'main'], logLevel: 'error' };
await build({ ...options, entryPoints: [path('./indexTar.ts')], outfile: bundle });
try {
  const { timeWalk, timeTarStream } = (await import(pathToFileURL(bundle).href)).default;
  for (const { members, bytes } of CASES) {
    const file = join(folder, `${members}.tar`);
    await writeArchive(file, members, bytes);
    const ours = await bestOf(timeWalk, file);
    const theirs = await bestOf(timeTarStream, file);
    if (ours.members !== members || theirs.members !== members) throw new Error('members were lost');
    const rate = ({ seconds }) => `${Math.round(members / seconds).toLocaleString('en')} headers a second`;
    console.log(`${members.toLocaleString('en')} members of ${bytes.toLocaleString('en')} bytes, best of ${RUNS}:`);
    console.log(`  PairLab     ${rate(ours)}`);
    console.log(`  tar-stream  ${rate(theirs)}`);
    console.log(`  PairLab is ${(theirs.seconds / ours.seconds).toFixed(1)} times as fast.`);
    await rm(file);
  }
} finally {
  await rm(bundle, { force: true });
  await rm(folder, { recursive: true, force: true });
}
