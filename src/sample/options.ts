import * as z from 'zod';
import { InputError } from '../base/errors.ts';
import { MAXIMUM_CLASSES } from './concepts.ts';

export const Layout = z.enum(['stem', 'class-folders', 'csv', 'jsonl']);
export type Layout = z.infer<typeof Layout>;

const whole = (minimum: number, maximum: number) =>
  z
    .int(`must be a whole number from ${minimum} to ${maximum}`)
    .refine((value) => value >= minimum && value <= maximum, {
      error: `must be a whole number from ${minimum} to ${maximum}`,
    });

const share = z.number('must be a share from 0 to 1').refine((value) => value >= 0 && value <= 1, {
  error: 'must be a share from 0 to 1',
});

/** What decides the bytes of a sample. */
export const SampleSettings = z.strictObject({
  seed: whole(0, 2 ** 32 - 1).default(0),
  classes: whole(2, MAXIMUM_CLASSES).default(MAXIMUM_CLASSES),
  /** Instances of a class; each gives one pair for any two modalities. */
  pairsPerClass: whole(2, 10_000).default(20),
  layout: Layout.default('stem'),
  /** Share of the instances whose three items come from three different classes. */
  wrongPairs: share.default(0),
  /** Share of the instances that are filed under another class. */
  wrongLabels: share.default(0),
  /** Share of the instances with a corrupt file, a missing counterpart, a duplicate or a leak between splits. */
  damage: share.default(0),
});
export type SampleSettings = z.infer<typeof SampleSettings>;

/** As {@link SampleSettings}, each with a default; `force` writes beside foreign files. */
export type SampleOptions = z.input<typeof SampleSettings> & { readonly force?: boolean };

/** Fills in the defaults. @throws InputError that names the option and says what it may be. */
export function checkSettings(options: z.input<typeof SampleSettings>): SampleSettings {
  const parsed = SampleSettings.safeParse(options);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new InputError(`The sample's option ${issue?.path.join('.') ?? ''} ${issue?.message ?? 'cannot be used'}.`);
}
