import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { Adam } from '../../../src/learning/adam.ts';
import { type Compiler, useCompiler } from '../../../src/learning/compute.ts';
import { descend, inPartsIf, type Objective, slopeOf } from '../../../src/learning/descent.ts';
import { openWasm } from './wasm.ts';

beforeAll(openWasm);

/** Counts what it is asked for, and computes it operation by operation. */
class Watched implements Compiler {
  readonly works: unknown[] = [];

  compute(...[work, groups]: Parameters<Compiler['compute']>): ReturnType<Compiler['compute']> {
    this.works.push(work);
    return tf.tidy(() => work(...groups));
  }
}

const slope = slopeOf<'number'>((weights, { number }) => tf.sum(tf.square(tf.sub(weights, number))));

async function descendWith(others: Partial<Objective<'number', never>>): Promise<{ end: number[]; works: unknown[] }> {
  const compiler = new Watched();
  useCompiler('wasm', compiler);
  const next = async () => ({ number: { values: Float32Array.of(2), shape: [] } });
  const [start, adam] = [tf.zeros<tf.Rank.R1>([2]), new Adam(2, 0.1, 0.9)];
  const { weights } = await descend(start, 3, { term: 'distance', next, slope, ...others }, adam, 'a test');
  const end = [...(await weights.data())];
  tf.dispose([start, weights]);
  adam.dispose();
  return { end, works: compiler.works };
}

describe('where a backend compiles, a descent', () => {
  test('has it compute each step, which is the same function for the same slope', async () => {
    const { end, works } = await descendWith({});
    expect(works).toHaveLength(3);
    expect(new Set([...works, ...(await descendWith({})).works]).size).toBe(1);
    expect(end.every((weight) => weight > 0)).toBe(true);
  });

  test('computes steps that are not pure, or that take a batch in parts, operation by operation', async () => {
    const whole = await descendWith({});
    for (const others of [{ eager: true }, inPartsIf({ accumulate: 2 })]) {
      expect(await descendWith(others)).toEqual({ end: whole.end, works: [] });
    }
    expect((await descendWith(inPartsIf({}))).works).toHaveLength(3);
  });
});
