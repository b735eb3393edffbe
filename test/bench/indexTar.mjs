/**
 * Headers a second of a tar archive, by PairLab and by tar-stream in the same run: a million members of 100 bytes, and
 * 20,000 members of 100 KB, which PairLab skips. Then whole indexings of WebDataset shards of 10,000 samples (a picture and a
 * caption each), in a process of their own, with their memory; as many samples as the variable SAMPLES says.
 */
import { createWriteStream, mkdirSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { digitPng, numbers } from './support/files.mjs';
import { pairlab } from './support/pairlab.mjs';

const CASES = [
  { members: 1_000_000, bytes: 100 },
  { members: 20_000, bytes: 100_000 },
];
const RUNS = 3;
const SAMPLES = Number(process.env.SAMPLES ?? 200_000);
const SAMPLES_PER_SHARD = 10_000;
const BLOCK = 512;
const path = (relative) => fileURLToPath(new URL(relative, import.meta.url));

/** Sets the name and the checksum in the block of a header. */
function seal(header, name) {
  header.fill(0, 0, 100);
  header.write(name, 0);
  header.write(' '.repeat(8), 148);
  let sum = 0;
  for (let at = 0; at < BLOCK; at++) sum += header[at];
  header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
}

/** A member without a name, and with zeros for content. */
function emptyMember(bytes) {
  const member = Buffer.alloc(BLOCK + Math.ceil(bytes / BLOCK) * BLOCK);
  member.write('0000644\0', 100);
  member.write(`${bytes.toString(8).padStart(11, '0')}\0`, 124);
  member.write('0', 156);
  member.write('ustar\x0000', 257);
  return member;
}

/** Members `0000000.jpg`, `0000000.txt`, `0000001.jpg`, …, written as fast as the disk takes them. */
async function writeArchive(file, members, bytes) {
  const stream = createWriteStream(file, { highWaterMark: 4 * 1024 * 1024 });
  const member = emptyMember(bytes);
  for (let index = 0; index < members; index++) {
    seal(member, `${String(index >> 1).padStart(7, '0')}.${index % 2 === 0 ? 'jpg' : 'txt'}`);
    if (!stream.write(Buffer.from(member))) await new Promise((resolve) => stream.once('drain', resolve));
  }
  await new Promise((resolve) => stream.end(Buffer.alloc(2 * BLOCK), resolve));
}

function memberOf(name, content) {
  const member = emptyMember(content.length);
  content.copy(member, BLOCK);
  seal(member, name);
  return member;
}

function writeShards(root) {
  mkdirSync(root);
  const next = numbers(1);
  for (let first = 0; first < SAMPLES; first += SAMPLES_PER_SHARD) {
    const members = [];
    for (let sample = first; sample < Math.min(SAMPLES, first + SAMPLES_PER_SHARD); sample++) {
      const key = String(sample).padStart(9, '0');
      members.push(memberOf(`${key}.png`, digitPng(next)));
      members.push(memberOf(`${key}.txt`, Buffer.from(`picture ${sample} of a digit, and a few words about it`)));
    }
    const number = String(first / SAMPLES_PER_SHARD).padStart(5, '0');
    writeFileSync(`${root}/train-${number}.tar`, Buffer.concat([...members, Buffer.alloc(2 * BLOCK)]));
  }
  writeFileSync(
    `${root}/pairlab.yaml`,
    `name: bench
pairing:
  layout: webdataset
  shards: "{split}-*.tar"
  items: { image: [png], text: [txt] }
  strength: strong
`,
  );
}

function timeIndex(root) {
  writeShards(root);
  const { seconds, megabytes, json } = pairlab('index', root);
  if (json.snapshot.pairs[0]?.count !== SAMPLES) throw new Error('samples were lost');
  console.log(
    `index of ${SAMPLES.toLocaleString('en')} samples in shards: ${seconds.toFixed(1)} s, ${megabytes.toFixed(0)} MB at most`,
  );
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
  timeIndex(join(folder, 'shards'));
} finally {
  await rm(bundle, { force: true });
  await rm(folder, { recursive: true, force: true });
}
