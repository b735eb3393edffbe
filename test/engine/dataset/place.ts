import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import sharp from 'sharp';
import { onTestFinished } from 'vitest';
import { mapConcurrently } from '../../../src/base/concurrency.ts';
import { type Dataset, loadDataset } from '../../../src/dataset/config.ts';
import { indexDataset } from '../../../src/dataset/indexer.ts';
import { Snapshot } from '../../../src/dataset/snapshot.ts';
import type { Problem } from '../../../src/protocol.ts';

export type Files = Readonly<Record<string, string | Uint8Array>>;

/** A folder with these files, removed after the test. */
export async function placeWith(files: Files): Promise<string> {
  const folder = await place();
  await addFiles(folder, files);
  return folder;
}

/** A copy of a folder with all that was found in it, removed after the test. */
export async function copyOf(folder: string): Promise<string> {
  const copy = await place();
  await cp(folder, copy, { recursive: true });
  return copy;
}

async function place(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "pairlab data's "));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

export async function addFiles(folder: string, files: Files): Promise<void> {
  const written = Object.entries(files).map(([path, content]) => ({ path: join(folder, path), content }));
  for (const parent of new Set(written.map(({ path }) => dirname(path)))) await mkdir(parent, { recursive: true });
  await mapConcurrently(written, 16, ({ path, content }) => writeFile(path, content));
}

/** A PNG of one colour; different shades are different files. */
export async function picture(shade: number, size = 16): Promise<Buffer> {
  const background = { r: shade % 256, g: (shade * 7) % 256, b: 90 };
  return await sharp({ create: { width: size, height: size, channels: 3, background } })
    .png()
    .toBuffer();
}

/** A JPEG of one colour. */
export async function photo(shade: number, size = 16): Promise<Buffer> {
  return await sharp(await picture(shade, size))
    .jpeg()
    .toBuffer();
}

export interface WavOptions {
  readonly samples?: readonly number[];
  readonly sampleRate?: number;
  readonly channels?: number;
  readonly tag?: number;
  readonly bits?: number;
  readonly extensible?: boolean;
  /** What the header says instead of the truth. */
  readonly dataSize?: number;
  readonly riffSize?: number;
}

/** The samples again and again, for a quarter of a second at 8 kHz. */
function repeated(samples: readonly number[]): number[] {
  return Array.from({ length: 2000 }, (_, index) => samples[index % samples.length] ?? 0);
}

/** A WAV file of 16 bits, or of floats for tag 3; long enough to be heard. */
export function sound({ samples: pattern = [0, 1000, -1000, 500], ...options }: WavOptions = {}): Uint8Array {
  const samples = repeated(pattern);
  const { sampleRate = 8000, channels = 1, tag = 1, extensible = false } = options;
  const bits = options.bits ?? (tag === 3 ? 32 : 16);
  const data =
    tag === 3 ? Buffer.from(Float32Array.from(samples).buffer) : Buffer.from(Int16Array.from(samples).buffer);
  const format = Buffer.alloc(extensible ? 40 : 16);
  format.writeUInt16LE(extensible ? 0xfffe : tag, 0);
  format.writeUInt16LE(channels, 2);
  format.writeUInt32LE(sampleRate, 4);
  format.writeUInt32LE((sampleRate * channels * bits) / 8, 8);
  format.writeUInt16LE((channels * bits) / 8, 12);
  format.writeUInt16LE(bits, 14);
  if (extensible) format.writeUInt16LE(tag, 24);
  const body = Buffer.concat([
    Buffer.from('WAVEfmt '),
    u32(format.length),
    format,
    Buffer.from('LIST'),
    u32(3),
    Buffer.from('odd\0'),
    Buffer.from('data'),
    u32(options.dataSize ?? data.length),
    data,
  ]);
  return Buffer.concat([Buffer.from('RIFF'), u32(options.riffSize ?? body.length), body]);
}

function u32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}

export const BY_STEM = `name: test
pairing:
  layout: stem
  items: { image: "images/{stem}", audio: "audio/{stem}" }
  strength: strong
`;

/** Indexes a folder that holds a pairlab.yaml and gives everything that was found. */
export async function indexed(folder: string): Promise<{
  dataset: Dataset;
  snapshot: Snapshot;
  problems: Problem[];
  reread: number;
  reused: number;
}> {
  const dataset = await loadDataset(folder);
  const { reread, reused } = await indexDataset(dataset);
  const snapshot = await Snapshot.open(dataset);
  const { problems } = await snapshot.problems({}, 0, 1000);
  return { dataset, snapshot, problems, reread, reused };
}

/** "missing-file pairs.csv#2" for each problem. */
export function inShort(problems: readonly Problem[]): string[] {
  return problems.map(({ kind, where }) => `${kind} ${where}`);
}
