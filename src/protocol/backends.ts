import * as z from 'zod';

/** What trains, in the order in which `auto` looks at them. The last is always there. */
export const BackendName = z.enum(['tensorflow-gpu', 'webgpu', 'tensorflow', 'wasm']);
export type BackendName = z.infer<typeof BackendName>;

/** What an experiment, a setting or a command asks for. */
export const BackendChoice = z.enum(['auto', ...BackendName.options]);
export type BackendChoice = z.infer<typeof BackendChoice>;

/** Backends that are set up by the user, because they are too large for an extension. */
export const NativeBackend = BackendName.exclude(['wasm']);
export type NativeBackend = z.infer<typeof NativeBackend>;

/** What a backend runs on, as far as its platform tells. */
export const Device = z.object({
  /** "NVIDIA H100 80GB HBM3", "AMD EPYC 9354, 16 threads". */
  name: z.string(),
  /** Of the device, in bytes. */
  memory: z.number().exactOptional(),
  driver: z.string().exactOptional(),
  /** An adapter for graphics that computes on the processor; `auto` never takes it. */
  software: z.literal(true).exactOptional(),
});
export type Device = z.infer<typeof Device>;

/** What a probe measured in a process of its own. */
export const BackendMeasures = z.object({
  device: Device,
  /** Of the packages and libraries that compute: "TensorFlow.js" → "4.22.0". */
  versions: z.record(z.string(), z.string()),
  /** Of a matrix product, in 10⁹ floating-point operations a second. */
  gigaflops: z.number(),
  /** Largest error of a matrix product against sums in float64, over the length of its rows and columns. */
  productError: z.number(),
  /** Largest difference of a training step's gradient from that on wasm, over the largest entry. */
  stepError: z.number(),
  /** Median milliseconds of a step of CROMA's inner loop with the default network and settings, and of the same on wasm. */
  stepMs: z.number(),
  wasmStepMs: z.number(),
});
export type BackendMeasures = z.infer<typeof BackendMeasures>;

/** A backend on this machine. */
export const BackendStatus = z.object({
  name: BackendName,
  state: z.enum(['ready', 'refused', 'not set up']),
  /** Why it is not used: a sentence. */
  reason: z.string().exactOptional(),
  /** What to do about it: a sentence. */
  next: z.string().exactOptional(),
  measured: BackendMeasures.exactOptional(),
  /** Where its packages lie. */
  folder: z.string().exactOptional(),
  /** When it was probed, ISO 8601. */
  probed: z.string().exactOptional(),
});
export type BackendStatus = z.infer<typeof BackendStatus>;

/** All backends of this machine, in the order of `auto`. */
export const BackendTable = z.object({
  backends: z.array(BackendStatus),
  /** What `auto` takes. */
  chosen: BackendName,
  /** Where set-ups are kept. */
  runtimes: z.string(),
  /** The Node that runners are started with. */
  node: z.object({ path: z.string(), version: z.string() }),
});
export type BackendTable = z.infer<typeof BackendTable>;

/** How busy a device is, as far as its platform tells. */
export const DeviceLoad = z.object({
  /** In use, in bytes: of the GPU, or of the process on a processor. */
  memory: z.number(),
  /** Share of the device in [0, 1]; of a processor, of all its cores. */
  utilisation: z.number().exactOptional(),
});
export type DeviceLoad = z.infer<typeof DeviceLoad>;

/** A backend that `auto` passed over: its status, with the reason. Records of older versions hold no more than that. */
export const RefusedBackend = BackendStatus.extend({
  name: z.string(),
  state: BackendStatus.shape.state.exactOptional(),
  reason: z.string(),
});
export type RefusedBackend = z.infer<typeof RefusedBackend>;

/** What a run was executed on. */
export const RunBackend = z.object({
  name: z.string(),
  /** With the device and the versions. */
  describe: z.string(),
  /** Who chose it: `auto`, or who named it, which is the experiment file or the command that started the run. */
  by: z.enum(['auto', 'experiment', 'command']).exactOptional(),
  /** As it was found when it was chosen; nothing of wasm where it was named, since it needs no probe. */
  status: BackendStatus.exactOptional(),
  /** What `auto` passed over. */
  refused: z.array(RefusedBackend),
});
export type RunBackend = z.infer<typeof RunBackend>;

/** A set-up that is asked for. */
export const SetUpRequest = z.object({
  backend: NativeBackend,
  /** A Python environment with TensorFlow, whose library the addon is built against instead of fetching one. */
  tensorflow: z.string().exactOptional(),
});
export type SetUpRequest = z.infer<typeof SetUpRequest>;

/** What a set-up would do, for the user to agree to. */
export const SetUpPlan = z.object({
  backend: NativeBackend,
  /** Packages with their versions, and what their install scripts fetch. */
  fetches: z.array(z.string()),
  /** About how much is fetched, and how much stays on the disk, in bytes. */
  download: z.number(),
  disk: z.number(),
  /** Where it is put. */
  folder: z.string(),
  /** The TensorFlow that is used instead of fetching one: "TensorFlow 2.21.0 in /home/me/venv". */
  tensorflow: z.string().exactOptional(),
});
export type SetUpPlan = z.infer<typeof SetUpPlan>;
