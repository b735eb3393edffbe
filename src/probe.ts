import { join } from 'node:path';
import { measureBackend } from './learning/backends/measure.ts';
import { type ProbeAnswer, ProbeRequest } from './learning/backends/probeMessages.ts';
import { BackendRefusal } from './learning/backends/refusal.ts';

/** Measures the backend that its parent names and answers once. A native library may end it at any moment. */
async function answer(sent: unknown): Promise<ProbeAnswer> {
  const { name, runtimeFolder } = ProbeRequest.parse(sent);
  try {
    const measured = await measureBackend(name, { wasmFolder: join(__dirname, 'wasm'), runtimeFolder });
    return { outcome: 'ready', measured };
  } catch (error) {
    if (error instanceof BackendRefusal) {
      return { outcome: 'refused', reason: error.reason, ...(error.next !== undefined && { next: error.next }) };
    }
    return { outcome: 'refused', reason: error instanceof Error ? error.message : String(error) };
  }
}

process.once('message', (sent) => {
  answer(sent).then((reply) => {
    // A library may keep threads that would keep the process.
    process.send?.(reply, () => process.exit());
  });
});
