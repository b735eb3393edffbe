import { toSentence } from '../../base/errors.ts';
import { type Backend, type BackendPlaces, openBackend } from '../backend.ts';
import { type Choice, chooseNext } from './choose.ts';
import { BackendRefusal } from './refusal.ts';
import type { StatusOptions } from './status.ts';

/**
 * Opens what was chosen in this process. Where `auto` chose it and it does not open, because its library was removed since
 * the probe for example, the next best is opened: the choice that is given back says why.
 * @throws BackendRefusal when it was asked for by name and cannot be used
 * @throws EnvironmentError when wasm cannot be opened either
 * @throws CancelledError once the signal is aborted
 */
export async function openChoice(
  choice: Choice,
  places: BackendPlaces,
  options: StatusOptions = {},
): Promise<{ readonly backend: Backend; readonly choice: Choice }> {
  try {
    return { backend: await openBackend(choice.name, places), choice };
  } catch (error) {
    if (choice.asked !== 'auto' || choice.name === 'wasm') throw error;
    const why = error instanceof BackendRefusal ? error.reason : toSentence(error);
    const next = await chooseNext(choice, `The probe had found it usable, but it does not open now: ${why}`, options);
    return await openChoice(next, places, options);
  }
}
