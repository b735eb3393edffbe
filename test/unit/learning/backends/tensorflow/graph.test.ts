import { expect, test } from 'vitest';
import { Graph } from '../../../../../src/learning/backends/tensorflow/graph.ts';
import { Message } from '../../../../../src/learning/backends/tensorflow/protobuf.ts';
import golden from '../../../../golden/tensorflowGraph.json';

const [FLOAT, INT32] = [1, 3];

test('a graph is written byte by byte as TensorFlow writes it', () => {
  const graph = new Graph();
  const weights = graph.placeholder({ dtype: FLOAT, shape: [2, 300] });
  const axes = graph.constant({ dtype: INT32, shape: [2], values: new Uint8Array(Int32Array.of(-1, 0).buffer) });
  graph.operation(
    'Sum',
    [weights, `${axes}:1`],
    [
      { name: 'T', kind: 'type', value: FLOAT },
      { name: 'alpha', kind: 'float', value: 0.5 },
      { name: 'keep_dims', kind: 'bool', value: false },
      { name: 'mode', kind: 'string', value: 'same' },
      { name: 'num', kind: 'int', value: -3 },
    ],
  );
  expect(Buffer.from(graph.savedModel()).toString('hex')).toBe(golden.bytes);
});

test('an attribute that graphs do not take is refused with its name', () => {
  const shape = { name: 'output_shapes', kind: 'other', value: [[1]] } as const;
  expect(() => new Graph().operation('Any', [], [shape])).toThrow('output_shapes');
});

test('a field may repeat more often than a function takes arguments', () => {
  const nodes = Array<Message>(200_000).fill(new Message());
  expect(new Message().each(1, nodes).end().length).toBe(2 * nodes.length);
}, 60_000);
