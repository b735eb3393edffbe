import type { TextTable } from '../../base/document/textTable.ts';
import type { BackendMeasures, ExperimentReport, RunBackend } from '../../protocol.ts';
import { threeDigits } from './words.ts';

const NONE = '–';

const chosenBy: Readonly<Record<NonNullable<RunBackend['by']>, string>> = {
  auto: 'auto',
  experiment: 'named in the experiment',
  command: 'named by the command',
};

/** What the runs computed on, a line each with the number of its runs: who chose it, and what its probe measured. */
export function backendTable({ runs }: ExperimentReport): TextTable {
  return {
    header: ['backend', 'runs', 'chosen by', ...MEASURES],
    rows: counted(
      runs.flatMap(({ backend }) => {
        if (backend === undefined) return [];
        const { name, by, status } = backend;
        return [[name, by === undefined ? NONE : chosenBy[by], ...measuresInWords(status?.measured)]];
      }),
    ),
  };
}

/** What `auto` passed over for some of the runs, and why; what was measured all the same. */
export function passedOverTable({ runs }: ExperimentReport): TextTable {
  return {
    header: ['passed over', 'runs', 'why', ...MEASURES],
    rows: counted(
      runs.flatMap(({ backend }) =>
        (backend?.refused ?? []).map(({ name, reason, measured }) => [name, reason, ...measuresInWords(measured)]),
      ),
    ),
  };
}

const MEASURES = ['device', 'memory', 'driver', 'GFLOP/s', 'ms/step', 'ms/step on wasm', 'versions'];

function measuresInWords(measured: BackendMeasures | undefined): string[] {
  if (measured === undefined) return MEASURES.map(() => NONE);
  const { device, gigaflops, stepMs, wasmStepMs, versions } = measured;
  return [
    device.name,
    device.memory === undefined ? NONE : `${(device.memory / 2 ** 30).toFixed(1)} GiB`,
    device.driver ?? NONE,
    threeDigits(gigaflops),
    threeDigits(stepMs),
    threeDigits(wasmStepMs),
    Object.entries(versions)
      .map(([what, version]) => `${what} ${version}`)
      .join(', '),
  ];
}

/** Equal rows once, with their number in the second column. */
function counted(rows: readonly (readonly string[])[]): string[][] {
  const counts = new Map<string, { readonly row: readonly string[]; count: number }>();
  for (const row of rows) {
    const key = JSON.stringify(row);
    const known = counts.get(key) ?? { row, count: 0 };
    counts.set(key, { row, count: known.count + 1 });
  }
  return [...counts.values()].map(({ row: [first = '', ...others], count }) => [first, String(count), ...others]);
}
