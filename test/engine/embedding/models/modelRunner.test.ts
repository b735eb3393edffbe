import { fileURLToPath } from 'node:url';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { ModelMedia } from '../../../../src/embedding/models/messages.ts';
import { ModelRunner } from '../../../../src/embedding/models/modelRunner.ts';

const script = fileURLToPath(new URL('fakeModel.mjs', import.meta.url));
const request = { kind: 'open', folder: '/models/fake', modality: 'text' } as const;

function runner(program = script, signal?: AbortSignal): ModelRunner {
  const opened = new ModelRunner({ script: program, args: [], request }, signal);
  onTestFinished(() => opened.close());
  return opened;
}

function texts(...all: string[]): ModelMedia[] {
  return all.map((text) => ({ kind: 'text', text }));
}

describe('ModelRunner', () => {
  it('gives each item its vector', async () => {
    const outcomes = await runner().encode(texts('a', 'four'));
    expect(outcomes).toEqual([Float32Array.of(1, 1), Float32Array.of(4, 1)]);
  });

  it('names the item that the process dies at, and encodes the others', async () => {
    const outcomes = await runner().encode(texts('a', 'die', 'four'));
    expect(outcomes).toEqual([Float32Array.of(1, 1), 'made the process of the model end', Float32Array.of(4, 1)]);
  });

  it('names the item that the model fails for, and one whose vector says nothing', async () => {
    const outcomes = await runner().encode(texts('a', 'fail', 'nothing'));
    expect(outcomes).toEqual([
      Float32Array.of(1, 1),
      'cannot be encoded by the model (wants other words)',
      'got a vector from the model that holds a number that is not finite',
    ]);
  });

  it('says that the process ends at every item', async () => {
    await expect(runner().encode(texts('die', 'die 2', 'die 3', 'die 4'))).rejects.toThrow(
      /^The process that runs \/models\/fake ended \(SIGKILL\)\. The model may need more memory/,
    );
  });

  it('says what the model fails for when that is every item', async () => {
    const many = Array.from({ length: 20 }, (_, index) => `fail ${index}`);
    await expect(runner().encode(texts(...many))).rejects.toThrow(
      '/models/fake failed for 16 items in a row. The reason of the last one: wants other words.',
    );
  });

  it('says what a process that cannot start said last', async () => {
    await expect(runner('/no/such/script.mjs').encode(texts('a'))).rejects.toThrow(
      /^The process that runs \/models\/fake ended \(code 1\)/,
    );
  });

  it('ends with its signal', async () => {
    const stop = new AbortController();
    const running = runner(script, stop.signal);
    await running.encode(texts('a'));
    stop.abort();
    await expect(running.encode(texts('a'))).rejects.toThrow('Stopped as asked');
  });
});
