import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { CancellationTokenSource } from 'vscode-jsonrpc/node';
import type * as z from 'zod';
import { EngineProcess } from '../../../src/editor/engineProcess.ts';
import {
  type NotificationName,
  type NotificationParams,
  type RequestName,
  type RequestParams,
  type RequestResult,
  requests,
} from '../../../src/protocol.ts';
import { writeSample } from '../../../src/sample/sample.ts';

const cli = fileURLToPath(new URL('../../../dist/cli.js', import.meta.url));

type Heard = { [N in NotificationName]: NotificationParams<N>[] };

/** A real `pairlab serve`, spoken to as the editor does, with everything it said. */
export class EngineUnderTest {
  readonly heard: Heard = { progress: [], 'alignment/part': [], 'runs/changed': [], 'datasets/changed': [], log: [] };
  readonly lines: string[] = [];
  /** Why it ended. */
  readonly exit: Promise<string>;
  readonly #process: EngineProcess;

  constructor(workspace: string) {
    let onExit = (_reason: string): void => undefined;
    this.exit = new Promise((resolve) => {
      onExit = resolve;
    });
    this.#process = new EngineProcess(cli, workspace, {
      on: {
        progress: (said) => this.heard.progress.push(said),
        'alignment/part': (said) => this.heard['alignment/part'].push(said),
        'runs/changed': (said) => this.heard['runs/changed'].push(said),
        'datasets/changed': (said) => this.heard['datasets/changed'].push(said),
        log: (said) => this.heard.log.push(said),
      },
      onLine: (line) => this.lines.push(line),
      onExit,
    });
  }

  /** The answer, checked by its schema. */
  async ask<M extends RequestName>(
    name: M,
    params: RequestParams<M> & { token?: string },
    cancellation = new CancellationTokenSource(),
  ): Promise<RequestResult<M>> {
    const schema: z.ZodType = requests[name].result;
    return schema.parse(await this.askAnything(name, params, cancellation)) as RequestResult<M>;
  }

  /** Also what the protocol does not allow. */
  async askAnything(name: RequestName, params: object, cancellation = new CancellationTokenSource()): Promise<unknown> {
    return await this.#process.request(name, params, cancellation.token);
  }

  stop(): void {
    this.#process.stop();
  }
}

/** Waits for something that another process does. */
export async function until<T>(look: () => T | undefined | Promise<T | undefined>, what: string): Promise<T> {
  const deadline = Date.now() + 60_000;
  while (Date.now() < deadline) {
    const found = await look();
    if (found !== undefined) return found;
    await setTimeout(50);
  }
  throw new Error(`waited a minute for ${what}`);
}

export interface SampleWorkspace {
  readonly folder: string;
  readonly dataset: string;
  readonly experiment: string;
  remove(): Promise<void>;
}

/** A small sample with a dataset file of three modalities and an experiment, in a folder of its own. */
export async function sampleWorkspace(): Promise<SampleWorkspace> {
  const folder = await mkdtemp(join(tmpdir(), 'pairlab-engine-'));
  await writeSample(folder, { classes: 10, pairsPerClass: 8, force: true });
  const dataset = join(folder, 'pairlab.yaml');
  const experiment = join(folder, 'small.experiment.yaml');
  await writeFile(dataset, DATASET);
  await writeFile(experiment, EXPERIMENT);
  return { folder, dataset, experiment, remove: () => rm(folder, { recursive: true, force: true, maxRetries: 5 }) };
}

const DATASET = `name: sample
root: data
pairing:
  layout: stem
  items:
    image: "{split}/images/{class}/{stem}"
    audio: "{split}/audio/{class}/{stem}"
    text: "{split}/captions/{class}/{stem}"
  strength: strong
`;

const EXPERIMENT = `dataset: pairlab.yaml
source: image
target: audio
methods:
  - scratch
ways: 2
shots: [1]
queries: 2
validationClasses: 2
testClasses: 2
testTasks: 4
validationTasks: 2
iterations: 4
validateEvery: 2
seeds: [0]
`;
