import * as z from 'zod';
import { BackendMeasures, BackendName } from '../../protocol.ts';

/** What a probe is asked: the backend, and a set-up of it that is not the current one. */
export const ProbeRequest = z.object({ name: BackendName, runtimeFolder: z.string().exactOptional() });
export type ProbeRequest = z.infer<typeof ProbeRequest>;

/** What it answers, unless the library takes it down. */
export const ProbeAnswer = z.discriminatedUnion('outcome', [
  z.object({ outcome: z.literal('ready'), measured: BackendMeasures }),
  z.object({ outcome: z.literal('refused'), reason: z.string(), next: z.string().exactOptional() }),
]);
export type ProbeAnswer = z.infer<typeof ProbeAnswer>;
