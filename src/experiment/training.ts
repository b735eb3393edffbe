import { CancelledError } from '../base/errors.ts';
import { writeJson } from '../base/files.ts';
import type { Episodes } from '../learning/episodes.ts';
import type { WeightVector } from '../learning/networks/layout.ts';
import { Trainer } from '../learning/trainer.ts';
import { type Checkpoint, readCheckpoint, writeCheckpoint } from './checkpoint.ts';
import { CurveGatherer } from './curve.ts';
import type { EventLog } from './events.ts';
import type { Pulse } from './pulse.ts';
import { type RunRecord, type RunReport, runFiles } from './runFolder.ts';
import { shotResult } from './summary.ts';

const CHECKPOINT_MS = 2000;

/** What a run works with, once its data is loaded. */
export interface Material {
  readonly episodes: Episodes;
  readonly events: EventLog;
  readonly backend: string;
  readonly pulse: Pulse;
}

/** The runner's loop: meta-training, then the test with every number of shots, with a checkpoint every few seconds. */
export class Training {
  readonly #folder: string;
  readonly #record: RunRecord;
  readonly #material: Material;
  readonly #began = Date.now();
  #lastCheckpoint = Date.now();
  /** Accuracies so far, by number of shots. */
  #tested = new Map<number, number[]>();
  #secondsBefore = 0;

  constructor(folder: string, record: RunRecord, material: Material) {
    this.#folder = folder;
    this.#record = record;
    this.#material = material;
  }

  /** @throws CancelledError when the run was asked to stop, after the checkpoint is stored. */
  async run(): Promise<void> {
    const { episodes, events } = this.#material;
    const checkpoint = await readCheckpoint(runFiles(this.#folder).checkpoint);
    const { method, settings } = this.#record.plan;
    const trainer = new Trainer(method, { episodes, settings }, checkpoint?.trainer);
    try {
      this.#tested = new Map(checkpoint?.tested.map(({ shots, accuracies }) => [shots, [...accuracies]]));
      this.#secondsBefore = checkpoint?.seconds ?? 0;
      await events.append({ event: 'started', iteration: trainer.iteration, process: process.pid });
      await this.#train(trainer, new CurveGatherer(trainer.total, checkpoint?.pending));
      const { iteration, weights } = await trainer.selected();
      for (const shots of settings.shots) await this.#test(trainer, weights, shots);
      await this.#report(trainer, iteration);
    } finally {
      trainer.dispose();
    }
  }

  async #train(trainer: Trainer, curve: CurveGatherer): Promise<void> {
    while (trainer.iteration < trainer.total) {
      const result = await trainer.step();
      const point = curve.add(trainer.iteration, result);
      if (point !== undefined) await this.#material.events.append({ event: 'point', point });
      await this.#between(trainer, 'meta-training', curve);
    }
  }

  async #test(trainer: Trainer, weights: WeightVector, shots: number): Promise<void> {
    const { episodes, events } = this.#material;
    const accuracies = this.#tested.get(shots) ?? [];
    this.#tested.set(shots, accuracies);
    const left = episodes.testTasks.slice(accuracies.length);
    for await (const { accuracy } of trainer.test(weights, left, shots)) {
      accuracies.push(accuracy);
      await this.#between(trainer, `testing ${shots}-shot`);
    }
    await events.append({ event: 'result', result: shotResult(shots, accuracies) });
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
    await pulse.write(stage, progress);
    await events.append({ event: 'stopped', iteration: trainer.iteration });
    throw new CancelledError(`Stopped as asked. The checkpoint of ${this.#record.id} is stored.`);
  }

  async #checkpoint(trainer: Trainer, curve: CurveGatherer | undefined): Promise<Checkpoint> {
    return {
      trainer: await trainer.checkpoint(),
      pending: curve?.pending ?? [],
      tested: this.#results(),
      seconds: this.#seconds(),
    };
  }

  async #report({ method }: Trainer, selectedIteration: number): Promise<void> {
    const { episodes, events, backend, pulse } = this.#material;
    const { train, validation, test } = episodes.classes;
    const report: RunReport = {
      id: this.#record.id,
      finished: new Date().toISOString(),
      seconds: this.#seconds(),
      backend,
      classes: { train: train.length, validation: validation.length, test: test.length },
      selectedIteration,
      results: this.#results(),
      notes: [...episodes.notes, ...(method.notes ?? [])],
    };
    await pulse.write('finished', 1);
    await events.append({ event: 'finished' });
    await writeJson(runFiles(this.#folder).report, report);
  }

  /** From 0 to 1 in optimiser steps: enough for a progress bar that moves evenly. */
  #progress({ iteration, total, method: { work } }: Trainer): number {
    const { shots, testTasks } = this.#record.plan.settings;
    const tested = [...this.#tested.values()].reduce((sum, accuracies) => sum + accuracies.length, 0);
    const done = iteration * work.iteration + tested * work.task;
    return done / (total * work.iteration + shots.length * testTasks * work.task);
  }

  #results(): RunReport['results'] {
    return [...this.#tested].map(([shots, accuracies]) => ({ shots, accuracies }));
  }

  #seconds(): number {
    return this.#secondsBefore + (Date.now() - this.#began) / 1000;
  }
}
