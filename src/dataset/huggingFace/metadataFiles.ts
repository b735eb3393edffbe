import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, posix } from 'node:path';
import { ContainerError } from '../../container/containerError.ts';
import { readWhole } from '../../container/location.ts';
import { listZip } from '../../container/zip.ts';
import type { Problem } from '../../protocol.ts';
import { isMetadata } from './loaders.ts';

/** A metadata file: below the root, or in a zip archive there. */
export interface MetadataFile {
  /** As problems name it: `train/metadata.csv`, `a.zip/metadata.csv`. */
  readonly name: string;
  /** Where it can be read, an absolute path. */
  readonly path: string;
  /** The folder that its links start from, relative to the root or to the archive. */
  readonly folder: string;
  readonly archive?: Archive;
}

export interface Archive {
  /** Relative to the root. */
  readonly path: string;
  /** The metadata file in it. */
  readonly member: string;
  /** All files in it. */
  readonly members: ReadonlySet<string>;
}

/** Metadata in an archive is unpacked aside for reading: 256 MiB. */
const MAX_METADATA = 256 * 1024 * 1024;

/** Calls `read` for each metadata file of the folder and then for those in archives; gives what is wrong with archives. */
export async function forEachMetadata(
  root: string,
  paths: readonly string[],
  read: (file: MetadataFile) => Promise<void>,
): Promise<Problem[]> {
  for (const name of paths.filter(isMetadata)) {
    await read({ name, path: join(root, name), folder: posix.dirname(name) });
  }
  const problems: Problem[] = [];
  for (const path of paths.filter(isArchive)) {
    try {
      await readArchive(root, path, read, problems);
    } catch (error) {
      if (!(error instanceof ContainerError)) throw error;
      const sentence = `${path} ${error.fault}`;
      problems.push({ kind: 'broken-archive', severity: 'error', where: path, sentence, items: [] });
    }
  }
  return problems;
}

/** Hugging Face looks into no other archives beside metadata. */
export function isArchive(path: string): boolean {
  return posix.extname(path).toLowerCase() === '.zip';
}

async function readArchive(
  root: string,
  path: string,
  read: (file: MetadataFile) => Promise<void>,
  problems: Problem[],
): Promise<void> {
  const files = (await listZip(join(root, path))).filter(({ kind }) => kind === 'file').map(({ name }) => name);
  const metadata = files.filter(isMetadata);
  if (metadata.length === 0) {
    const sentence = `${path} holds ${files.length.toLocaleString('en')} files but no metadata file, and metadata beside it does not reach into it: unpack it. Hugging Face would take each of them for an item, media or not.`;
    problems.push({ kind: 'not-part-of-layout', severity: 'warning', where: path, sentence, items: [] });
    return;
  }
  const members = new Set(files);
  const aside = await mkdtemp(join(tmpdir(), 'pairlab-metadata-'));
  try {
    for (const member of metadata) {
      const unpacked = join(aside, posix.basename(member));
      await writeFile(unpacked, await readWhole({ path: join(root, path), member }, MAX_METADATA));
      const archive = { path, member, members };
      await read({ name: `${path}/${member}`, path: unpacked, folder: posix.dirname(member), archive });
    }
  } finally {
    await rm(aside, { recursive: true, force: true });
  }
}
