import { type FileHandle, open } from 'node:fs/promises';
import * as z from 'zod';
import { explainFileError } from '../base/errors.ts';
import { readTextIfThere } from '../base/files.ts';
import { CurvePoint, ShotResult } from '../protocol.ts';

/** One line of events.jsonl. */
export const RunEvent = z.discriminatedUnion('event', [
  z.object({ event: z.literal('started'), at: z.string(), iteration: z.number(), process: z.number() }),
  z.object({ event: z.literal('point'), at: z.string(), point: CurvePoint }),
  z.object({ event: z.literal('result'), at: z.string(), result: ShotResult }),
  z.object({ event: z.literal('stopped'), at: z.string(), iteration: z.number() }),
  z.object({ event: z.literal('finished'), at: z.string() }),
]);
export type RunEvent = z.infer<typeof RunEvent>;

/** Without the time, which the log adds. */
export type NewRunEvent = RunEvent extends infer E ? (E extends RunEvent ? Omit<E, 'at'> : never) : never;

/** What the events of a run add up to. */
export interface History {
  readonly started?: string;
  readonly updated?: string;
  readonly curve: CurvePoint[];
  readonly results: ShotResult[];
}

/** Appends events, each a whole line. */
export class EventLog {
  readonly #path: string;
  readonly #file: FileHandle;

  private constructor(path: string, file: FileHandle) {
    this.#path = path;
    this.#file = file;
  }

  static async open(path: string): Promise<EventLog> {
    const text = (await readTextIfThere(path)) ?? '';
    const log = new EventLog(path, await open(path, 'a'));
    // A killed runner may have left half a line; it must not swallow the next one.
    if (text !== '' && !text.endsWith('\n')) await log.#write('\n');
    return log;
  }

  async append(event: NewRunEvent): Promise<void> {
    await this.#write(`${JSON.stringify({ ...event, at: new Date().toISOString() })}\n`);
  }

  async close(): Promise<void> {
    await this.#file.close();
  }

  async #write(text: string): Promise<void> {
    try {
      await this.#file.appendFile(text);
    } catch (error) {
      throw explainFileError(error, this.#path);
    }
  }
}

/**
 * The history of a run. Work that was done again after a kill is there twice, with the same numbers: the last line
 * counts. Lines that are no events (half written ones) are skipped.
 */
export async function readHistory(path: string): Promise<History> {
  const lines = ((await readTextIfThere(path)) ?? '').split('\n');
  const events = lines.map(parseEvent).filter((event) => event !== undefined);
  const points = new Map<number, CurvePoint>();
  const results = new Map<number, ShotResult>();
  for (const event of events) {
    if (event.event === 'point') points.set(event.point.iteration, event.point);
    if (event.event === 'result') results.set(event.result.shots, event.result);
  }
  const started = events[0]?.at;
  const updated = events.at(-1)?.at;
  return {
    ...(started === undefined ? {} : { started }),
    ...(updated === undefined ? {} : { updated }),
    curve: [...points.values()].sort((a, b) => a.iteration - b.iteration),
    results: [...results.values()].sort((a, b) => a.shots - b.shots),
  };
}

function parseEvent(line: string): RunEvent | undefined {
  if (line === '') return undefined;
  try {
    return RunEvent.safeParse(JSON.parse(line)).data;
  } catch {
    return undefined;
  }
}
