import { mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { mapConcurrently } from '../base/concurrency.ts';
import { explainFileError, throwIfCancelled } from '../base/errors.ts';
import type { Job } from '../base/progress.ts';
import { Random } from '../base/random.ts';
import { Modality } from '../protocol.ts';
import { DATA, moveIn, openSampleFolder, TRUTH } from './folder.ts';
import { drawTable, isCell, type LaidOut, layOut } from './layout.ts';
import { checkSettings, type Layout, type SampleOptions, type SampleSettings } from './options.ts';
import { drawPicture } from './picture.ts';
import { type FileDamage, type Instance, planSample, type Split } from './plan.ts';
import { playSound } from './sound.ts';
import { writeTruth } from './truth.ts';

/** What was written, and how much of it is wrong on purpose. */
export interface SampleSummary {
  readonly folder: string;
  readonly data: string;
  readonly truth: string;
  readonly layout: Layout;
  readonly seed: number;
  readonly classes: number;
  readonly instances: number;
  readonly splits: Readonly<Record<Split, number>>;
  readonly files: number;
  readonly bytes: number;
  /** Instances with each defect. */
  readonly defects: Readonly<Record<NonNullable<Instance['defect']>['kind'], number>>;
}

/** Files that are drawn and written at once. More would not be faster: drawing keeps the cores busy. */
const CONCURRENCY = 8;

/**
 * Writes a procedurally made dataset of image–audio–text pairs into `<folder>/data`, and what is true of it into
 * `<folder>/truth.jsonl`. The same settings give the same bytes. An earlier sample there is replaced once the new one is
 * whole; no other file is touched.
 * @throws InputError for settings that do not fit together, or a folder that holds files of somebody else.
 * @throws CancelledError when the signal is aborted; the folder is then as before.
 */
export async function writeSample(folder: string, options: SampleOptions = {}, job: Job = {}): Promise<SampleSummary> {
  const { force = false, ...rest } = options;
  const settings = checkSettings(rest);
  const instances = planSample(settings);
  const target = resolve(folder);
  try {
    const unfinished = await openSampleFolder(target, force);
    try {
      const written = await writeData(join(unfinished, DATA), instances, settings, job);
      await writeFile(join(unfinished, TRUTH), writeTruth(settings, written.items));
      throwIfCancelled(job.signal);
      await moveIn(target, unfinished);
      return summarise(target, settings, instances, written);
    } finally {
      await rm(unfinished, { recursive: true, force: true });
    }
  } catch (error) {
    throw explainFileError(error, target);
  }
}

interface Written {
  readonly items: readonly LaidOut[];
  readonly files: number;
  readonly bytes: number;
}

async function writeData(data: string, instances: Instance[], settings: SampleSettings, job: Job): Promise<Written> {
  const items = layOut(instances, settings.layout, settings.seed);
  const byKey = new Map(instances.map((instance) => [instance.key, instance]));
  await makeFolders(data, items);
  let [files, bytes, done] = [0, 0, 0];
  const captions = await mapConcurrently(
    items,
    CONCURRENCY,
    async ({ instance, places }) => {
      let cell = '';
      for (const modality of Modality.options) {
        const shown = byKey.get(instance.shows[modality]) ?? instance;
        const content = spoil(await make(modality, shown, settings.seed), damageOf(instance, modality));
        if (isCell(places[modality])) cell = content?.toString('utf8') ?? '';
        else if (content !== undefined) {
          await writeFile(join(data, places[modality]), content);
          files += 1;
          bytes += content.length;
        }
      }
      done += 1;
      job.progress?.({ stage: 'making pairs', done, total: items.length });
      return cell;
    },
    job.signal,
  );
  const table = drawTable(items, settings.layout, captions);
  if (table === undefined) return { items, files, bytes };
  await writeFile(join(data, table.path), table.content);
  return { items, files: files + 1, bytes: bytes + Buffer.byteLength(table.content) };
}

async function makeFolders(data: string, items: readonly LaidOut[]): Promise<void> {
  const paths = items.flatMap(({ places }) =>
    Modality.options.map((modality) => dirname(join(data, places[modality]))),
  );
  for (const path of new Set(paths)) await mkdir(path, { recursive: true });
}

/** The item of one modality; it depends on nothing but the instance and the seed. */
async function make(modality: Modality, instance: Instance, seed: number): Promise<Buffer> {
  if (modality === 'text') return Buffer.from(instance.caption);
  const random = Random.of(seed, `sample/${modality}/${instance.key}`);
  return modality === 'image' ? await drawPicture(instance.scene, random) : playSound(instance.scene, random);
}

function damageOf({ defect }: Instance, modality: Modality): FileDamage | undefined {
  const damaged = defect?.kind === 'corrupt' || defect?.kind === 'missing';
  return damaged && defect.modality === modality ? defect.damage : undefined;
}

/** Shorter than the header of a PNG (33 bytes) or a WAV file (44 bytes). */
const CUT_BYTES = 20;
const WEB_PAGE = '<!doctype html>\n<title>404 Not Found</title>\n<p>The file that you asked for is not here.</p>\n';

/** `undefined` for a file that is not to be written. */
function spoil(content: Buffer, damage: FileDamage | undefined): Buffer | undefined {
  if (damage === 'missing') return undefined;
  if (damage === 'empty') return Buffer.alloc(0);
  if (damage === 'foreign') return Buffer.from(WEB_PAGE);
  return damage === 'cut' ? content.subarray(0, CUT_BYTES) : content;
}

function summarise(
  folder: string,
  { layout, seed, classes }: SampleSettings,
  instances: readonly Instance[],
  { files, bytes }: Written,
): SampleSummary {
  const inSplit = (split: Split): number => instances.filter((instance) => instance.split === split).length;
  const having = (kind: string): number => instances.filter((instance) => instance.defect?.kind === kind).length;
  return {
    folder,
    data: join(folder, DATA),
    truth: join(folder, TRUTH),
    layout,
    seed,
    classes,
    instances: instances.length,
    splits: { train: inSplit('train'), validation: inSplit('validation'), test: inSplit('test') },
    files,
    bytes,
    defects: {
      'wrong-pair': having('wrong-pair'),
      'wrong-label': having('wrong-label'),
      corrupt: having('corrupt'),
      missing: having('missing'),
      duplicate: having('duplicate'),
      leak: having('leak'),
    },
  };
}
