import type { RunState, RunSummary } from '../../src/protocol.ts';
import { type Child, element } from '../ui/dom.ts';
import { type IconName, icon } from '../ui/icons.ts';
import { duration, percent, progressPercent } from '../ui/numbers.ts';
import { scrolling, table } from '../ui/table.ts';
import { runStateNames } from '../ui/words.ts';
import { distinct } from './grid.ts';

const stateIcons: Record<RunState, IconName> = {
  queued: 'queued',
  running: 'running',
  stopping: 'running',
  finished: 'finished',
  stopped: 'stopped',
  failed: 'error',
  interrupted: 'warning',
};

/** What runs may differ in besides method and seed. */
const noises = [
  { title: 'Pair noise', value: ({ pairNoise }: RunSummary) => percent(pairNoise) },
  { title: 'Pairs per class', value: ({ pairsPerClass }: RunSummary) => String(pairsPerClass ?? 'all') },
];

/** Every run of the experiment, how far it is and what it gave. */
export function runsTable(runs: readonly RunSummary[]): HTMLElement {
  if (runs.length === 0) return element('p', {}, 'None yet. Run the experiment from its file.');
  const shots = distinct(runs.flatMap((run) => run.results.map((result) => result.shots))).sort((a, b) => a - b);
  const noise = noises.filter(({ value }) => distinct(runs.map(value)).length > 1);
  return scrolling(
    table(
      'Runs of the experiment',
      [
        { title: 'Method', name: 'method' },
        { title: 'Seed', numeric: true },
        ...noise.map(({ title }) => ({ title, numeric: true })),
        { title: 'State', name: 'state' },
        ...shots.map((k) => ({ title: `${k}-shot`, numeric: true })),
      ],
      runs.map((run) => [
        run.method,
        String(run.seed),
        ...noise.map(({ value }) => value(run)),
        drawState(run),
        ...shots.map((k) => accuracyAt(run, k)),
      ]),
    ),
  );
}

function accuracyAt(run: RunSummary, shots: number): Child {
  const result = run.results.find((candidate) => candidate.shots === shots);
  return result === undefined ? '' : percent(result.accuracy, result.interval);
}

function drawState(run: RunSummary): HTMLElement {
  return element(
    'span',
    { class: `said ${run.state}` },
    icon(stateIcons[run.state]),
    element('span', {}, runStateNames[run.state], element('span', { class: 'muted' }, stateSentence(run))),
  );
}

function stateSentence({ state, stage, progress, secondsLeft, started, updated, error }: RunSummary): string {
  if (error !== undefined) return error;
  if (state === 'running' || state === 'stopping') {
    const left = secondsLeft === undefined ? undefined : `${duration(secondsLeft)} left`;
    return [stage, progressPercent(progress), left].filter((part) => part !== undefined).join(', ');
  }
  if (started === undefined || updated === undefined) return '';
  const seconds = (Date.parse(updated) - Date.parse(started)) / 1000;
  return Number.isFinite(seconds) ? duration(Math.max(0, seconds)) : '';
}
