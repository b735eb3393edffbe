import { CancelledError, InputError } from '../base/errors.ts';
import { writeJson } from '../base/files.ts';
import type { Episodes } from '../learning/episodes.ts';
import type { Recall } from '../learning/galleries.ts';
import type { WeightVector } from '../learning/networks/layout.ts';
import { Trainer } from '../learning/trainer.ts';
import { type Checkpoint, readCheckpoint, writeCheckpoint } from './checkpoint.ts';
import { CurveGatherer } from './curve.ts';
import { type EventLog, readHistory } from './events.ts';
import { type TrainedContents, writeNetwork } from './network.ts';
import type { Pulse } from './pulse.ts';
import { type Cost, type RunRecord, type RunReport, runFiles } from './runFolder.ts';
import { readSourceModel, writeSourceModel } from './sourceModel.ts';
import { shotResult } from './summary.ts';
import { TestLog } from './testLog.ts';

const CHECKPOINT_MS = 2000;

/** What a run works with, once its data is loaded. */
export interface Material {
  readonly episodes: Episodes;
  /** Names of the classes that the episodes count. */
  readonly classes: readonly string[];
  /** What the network is trained on. */
  readonly contents: TrainedContents;
  readonly events: EventLog;
  /** What trains, with the device and the versions. */
  readonly backend: string;
  /** Where the source model is kept that several runs share, if they do. */
  readonly sourceModel?: string;
  readonly pulse: Pulse;
}

/**
 * The runner's loop: meta-training, then the test with every number of shots and every rate of label noise, with a
 * checkpoint every few seconds.
 */
export class Training {
  readonly #folder: string;
  readonly #record: RunRecord;
  readonly #material: Material;
  #tests: readonly TestLog[] = [];
  #sourceModelOf: string | undefined;
  #cost: Cost = { steps: 0, trainingSeconds: 0, testSeconds: 0, peakBytes: 0 };
  #charged = Date.now();
  #lastCheckpoint = Date.now();

  constructor(folder: string, record: RunRecord, material: Material) {
    this.#folder = folder;
    this.#record = record;
    this.#material = material;
  }

  /**
   * @throws CancelledError when the run was asked to stop, after the checkpoint is stored.
   * @throws InputError when training does not give finite numbers; the last checkpoint stays.
   */
  async run(): Promise<void> {
    const { episodes, events } = this.#material;
    const checkpoint = (await readCheckpoint(runFiles(this.#folder).checkpoint)) ?? (await this.#adoptSourceModel());
    const { method, settings } = this.#record.plan;
    const trainer = new Trainer(method, { episodes, settings }, checkpoint?.trainer);
    try {
      this.#resume(checkpoint);
      await events.append({ event: 'started', iteration: trainer.iteration, process: process.pid });
      if (trainer.iteration < trainer.total) {
        await this.#train(trainer, new CurveGatherer(trainer.total, checkpoint?.pending));
        await this.#shareSourceModel(trainer);
      }
      const { iteration, weights } = await trainer.selected();
      await this.#keepNetwork(trainer, weights);
      for (const test of this.#tests) await this.#test(trainer, weights, test);
      await this.#report(trainer, iteration, await trainer.retrieve(weights));
    } finally {
      trainer.dispose();
    }
  }

  /** The end of a training that another run has done already, with its learning curve. */
  async #adoptSourceModel(): Promise<Checkpoint | undefined> {
    const { sourceModel, events } = this.#material;
    const model = sourceModel === undefined ? undefined : await readSourceModel(sourceModel);
    if (model === undefined) return undefined;
    for (const point of model.curve) await events.append({ event: 'point', point });
    return { trainer: model.trainer, pending: [], tested: [], cost: this.#cost, sourceModelOf: model.run };
  }

  async #shareSourceModel(trainer: Trainer): Promise<void> {
    const { sourceModel } = this.#material;
    if (sourceModel === undefined) return;
    const { curve } = await readHistory(runFiles(this.#folder).events);
    await writeSourceModel(sourceModel, { run: this.#record.id, curve, trainer: await trainer.checkpoint() });
  }

  /** Lays out the parts of the test, with what a checkpoint has of them. */
  #resume(checkpoint: Checkpoint | undefined): void {
    const { episodes } = this.#material;
    const { seed, labelNoise: rates, shots: numbers } = this.#record.plan.settings;
    if (checkpoint !== undefined) this.#cost = checkpoint.cost;
    this.#sourceModelOf = checkpoint?.sourceModelOf;
    const parts = rates.flatMap((labelNoise) => numbers.map((shots) => ({ shots, labelNoise })));
    this.#tests = parts.map((part) => {
      const before = checkpoint?.tested.find(
        (test) => test.shots === part.shots && test.labelNoise === part.labelNoise,
      );
      return new TestLog(part, episodes, seed, before);
    });
  }

  async #train(trainer: Trainer, curve: CurveGatherer): Promise<void> {
    while (trainer.iteration < trainer.total) {
      const result = await trainer.step();
      const point = curve.add(trainer.iteration, result);
      if (point !== undefined) await this.#material.events.append({ event: 'point', point });
      this.#charge(trainer, 'trainingSeconds');
      await this.#between(trainer, 'meta-training', curve);
    }
  }

  async #test(trainer: Trainer, weights: WeightVector, test: TestLog): Promise<void> {
    const { shots, labelNoise } = test.part;
    const noise = labelNoise === 0 ? '' : `, ${Math.round(100 * labelNoise)} % label noise`;
    for await (const result of trainer.test(weights, test.left, shots)) {
      test.add(result);
      this.#charge(trainer, 'testSeconds');
      await this.#between(trainer, `testing ${shots}-shot${noise}`);
    }
    if (labelNoise > Math.min(...this.#record.plan.settings.labelNoise)) return;
    const result = shotResult(shots, test.result().accuracies);
    await this.#material.events.append({ event: 'result', result });
  }

  /** Between two pieces of work: beat, and store a checkpoint when it is time to or when asked to stop. */
  async #between(trainer: Trainer, stage: string, curve?: CurveGatherer): Promise<void> {
    const { pulse, events } = this.#material;
    const progress = this.#progress(trainer);
    const stop = await pulse.beat(stage, progress);
    if (!stop && Date.now() - this.#lastCheckpoint < CHECKPOINT_MS) return;
    await writeCheckpoint(runFiles(this.#folder).checkpoint, await this.#checkpoint(trainer, curve));
    this.#lastCheckpoint = Date.now();
    if (!stop) return;
    await this.#keepNetwork(trainer, (await trainer.selected()).weights);
    await pulse.write(stage, progress);
    await events.append({ event: 'stopped', iteration: trainer.iteration });
    throw new CancelledError(`Stopped as asked. The checkpoint of ${this.#record.id} is stored.`);
  }

  /** As an encoder for other uses: what is tested, or the best so far of a run that is stopped. */
  async #keepNetwork({ method }: Trainer, weights: WeightVector): Promise<void> {
    const { episodes, contents } = this.#material;
    await writeNetwork(this.#folder, this.#record, method, { episodes, contents, weights });
  }

  async #checkpoint(trainer: Trainer, curve: CurveGatherer | undefined): Promise<Checkpoint> {
    const state = await trainer.checkpoint();
    if (!state.weights.every(Number.isFinite)) {
      throw new InputError(
        `The weights are not finite numbers after meta-iteration ${trainer.iteration}; the checkpoint before stays. ` +
          'Lower learningRate or raise temperature, and check that the features are in order.',
      );
    }
    return {
      trainer: state,
      pending: curve?.pending ?? [],
      tested: this.#tests.filter(({ done }) => done > 0).map((test) => test.result()),
      cost: this.#cost,
      ...(this.#sourceModelOf !== undefined && { sourceModelOf: this.#sourceModelOf }),
    };
  }

  async #report({ method }: Trainer, selectedIteration: number, retrieval: readonly Recall[]): Promise<void> {
    const { episodes, classes, events, backend, pulse } = this.#material;
    const { train, validation, test } = episodes.classes;
    const report: RunReport = {
      id: this.#record.id,
      finished: new Date().toISOString(),
      cost: this.#cost,
      backend,
      classes: { train: train.length, validation: validation.length, test: test.length },
      testClasses: test.map((index) => classes[index] ?? String(index)),
      selectedIteration,
      results: this.#tests.map((log) => log.result()),
      retrieval: retrieval.map((recall) => ({ ...recall, values: [...recall.values] })),
      notes: [...episodes.notes, ...(method.notes ?? []), ...this.#notesOfSourceModel()],
    };
    await pulse.write('finished', 1);
    await events.append({ event: 'finished' });
    await writeJson(runFiles(this.#folder).report, report);
  }

  /** The same for all methods that take a model. */
  #notesOfSourceModel(): string[] {
    if (this.#sourceModelOf === undefined) return [];
    const { seed } = this.#record.plan.settings;
    return [
      `The source model of seed ${seed} was trained by ${this.#sourceModelOf} for all that would train the same.`,
    ];
  }

  /** From 0 to 1 in optimiser steps: enough for a progress bar that moves evenly. */
  #progress({ iteration, total, method: { work } }: Trainer): number {
    const tested = this.#tests.reduce((sum, test) => sum + test.done, 0);
    const done = iteration * work.iteration + tested * work.task;
    return done / (total * work.iteration + this.#tests.length * this.#record.plan.settings.testTasks * work.task);
  }

  /** Adds the time since the last call to a part of the cost. */
  #charge({ iteration, method: { work } }: Trainer, part: 'trainingSeconds' | 'testSeconds'): void {
    const now = Date.now();
    this.#cost = {
      ...this.#cost,
      [part]: this.#cost[part] + (now - this.#charged) / 1000,
      steps: iteration * work.iteration,
      peakBytes: Math.max(this.#cost.peakBytes, 1024 * process.resourceUsage().maxRSS),
    };
    this.#charged = now;
  }
}
