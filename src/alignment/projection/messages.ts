import * as z from 'zod';

const Floats = z.custom<Float32Array>((value) => value instanceof Float32Array);

/** What the process that lays out a map is told, once. */
export const Task = z.object({
  matrix: z.object({ rows: z.int(), columns: z.int(), data: Floats }),
  neighbours: z.int().min(2),
  minDistance: z.number().min(0),
  seed: z.number(),
});
export type Task = z.infer<typeof Task>;

const Step = z.object({ stage: z.string(), done: z.number(), total: z.number().exactOptional() });

/** What it says: steps, and then either the places or why there are none. */
export const Answer = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('step'), step: Step }),
  z.object({ kind: z.literal('places'), places: Floats }),
  z.object({ kind: z.literal('refusal'), sentence: z.string() }),
]);
export type Answer = z.infer<typeof Answer>;
