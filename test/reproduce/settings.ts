import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { parse } from 'yaml';
import * as z from 'zod';

/**
 * Names the settings that an experiment file gives: all but what it runs on and how it is called. Defaults are not among
 * them, so that a new setting does not make all that was found before worthless; who changes a default runs again what it decides.
 */
export async function settingsOfExperiment(path: string): Promise<string> {
  const given = z.record(z.string(), z.unknown()).parse(parse(await readFile(path, 'utf8')));
  const { backend: _backend, name: _name, ...settings } = given;
  return nameOfSettings(Object.entries(settings).map((entry) => JSON.stringify(entry)));
}

/** A short name for several, in whatever order. */
export function nameOfSettings(settings: readonly string[]): string {
  return createHash('sha256')
    .update(JSON.stringify([...settings].sort()))
    .digest('hex')
    .slice(0, 12);
}
