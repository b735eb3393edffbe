import { describe, expect, it } from 'vitest';
import { drawChart } from '../../../src/base/document/chart.ts';
import { escapeMarkdown, escapeMarkup } from '../../../src/base/document/escape.ts';
import { formatTick, niceTicks } from '../../../src/base/document/scale.ts';
import { curveSvg } from '../../../src/experiment/report/curve.ts';
import { accuracyRows, type Measured, pairedDifferences } from '../../../src/experiment/report/rows.ts';
import { pointsWithInterval } from '../../../src/experiment/report/words.ts';
import type { RunSummary } from '../../../src/protocol.ts';

const run = (method: Measured['method'], seed: number, accuracies: number[]): Measured => ({
  method,
  seed,
  results: [{ shots: 5, accuracies }],
});

describe('the rows of a report', () => {
  it('pool the test tasks of all seeds', () => {
    const [row] = accuracyRows([run('croma', 0, [0.2, 0.4]), run('croma', 1, [0.6, 0.8])], ['croma']);
    // Mean 0.5; sum of squares 0.2, n − 1 = 3, s = 0.258199; 1.96 · s / 2 = 0.253035.
    expect(row).toMatchObject({ method: 'croma', shots: 5, tasks: 4, seeds: 2 });
    expect(row?.accuracy).toBeCloseTo(0.5, 12);
    expect(row?.interval).toBeCloseTo(0.253035, 6);
  });

  it('have no interval for a single task', () => {
    const [row] = accuracyRows([run('scratch', 0, [1])], ['scratch']);
    expect(row).toEqual({ method: 'scratch', shots: 5, accuracy: 1, tasks: 1, seeds: 1 });
  });

  it('differ task by task of the same seed, so that what is common to both cancels out', () => {
    const runs = [
      run('croma', 0, [0.9, 0.3]),
      run('croma', 1, [0.5, 0.7]),
      run('scratch', 1, [0.4, 0.6]),
      run('scratch', 0, [0.8, 0.1]),
    ];
    const [difference] = pairedDifferences(runs, ['croma', 'scratch']);
    // 0.1, 0.1, 0.1, 0.2: mean 0.125, s = 0.05, 1.96 · 0.05 / 2 = 0.049.
    expect(difference).toMatchObject({ reference: 'croma', method: 'scratch', shots: 5, tasks: 4 });
    expect(difference?.difference).toBeCloseTo(0.125, 12);
    expect(difference?.interval).toBeCloseTo(0.049, 12);
  });

  it('leave out a seed that only one of the two methods has finished', () => {
    const runs = [run('croma', 0, [0.9]), run('scratch', 1, [0.1])];
    expect(pairedDifferences(runs, ['croma', 'scratch'])).toEqual([]);
  });
});

describe('the scale of a chart', () => {
  it.each([
    [[0.416, 0.62], 5, [0.4, 0.45, 0.5, 0.55, 0.6, 0.65]],
    [[-0.03, 0.08], 5, [-0.05, 0, 0.05, 0.1]],
    [[0, 400], 4, [0, 100, 200, 300, 400]],
    [[7], 4, [6, 8]],
    [[], 4, [0, 1]],
  ])('encloses %j with round steps', (values, count, ticks) => {
    expect(niceTicks(values, count)).toEqual(ticks);
  });

  it('writes as many decimals as the step has', () => {
    expect(formatTick(0.05, [0, 0.05, 0.1], 'number')).toBe('0.05');
    expect(formatTick(-0.05, [-0.05, 0], 'percent')).toBe('−5 %');
    expect(formatTick(0.005, [0, 0.005], 'percent')).toBe('0.5 %');
  });
});

describe('a figure', () => {
  const chart = {
    ...({ title: 'a < b & "c"', xLabel: 'shots', yLabel: 'accuracy', x: 'values', y: 'percent' } as const),
    series: [
      {
        name: 'first',
        points: [
          { x: 1, y: 0.25, interval: 0.05 },
          { x: 5, y: 0.5 },
        ],
      },
      { name: '<script>', points: [{ x: 1, y: 0.3 }] },
    ],
  };

  it('escapes every text', () => {
    const svg = drawChart(chart, { width: 400, height: 240 });
    expect(svg).toContain('<title>a &lt; b &amp; &quot;c&quot;</title>');
    expect(svg).not.toContain('<script>');
  });

  it('gives each line a class and a marker, and no colour', () => {
    const svg = drawChart(chart, { width: 400, height: 240 });
    expect(svg).toContain('class="series-0"');
    expect(svg).toContain('class="series-1"');
    expect(svg).not.toMatch(/#[0-9a-f]{3}|rgb\(/i);
  });

  it('for a hover has its colours in it, and says so when there is nothing to show', () => {
    const summary: RunSummary = {
      ...{ id: 'r', folder: '/r', experiment: '/e', method: 'croma', seed: 0, source: 'image', target: 'audio' },
      ...{ ways: 5, state: 'running', progress: 0, results: [], curve: [] },
    };
    expect(curveSvg(summary, 'dark')).toContain('No points yet.');
    const curve = [1, 2, 3].map((iteration) => ({ iteration, losses: { classification: 1 / iteration } }));
    expect(curveSvg({ ...summary, curve }, 'light')).toMatch(/^<svg .*width="360".*#0072b2/);
  });
});

describe('text in a report', () => {
  it('cannot become markup', () => {
    expect(escapeMarkup(`<a href="x">'&\u0000`)).toBe('&lt;a href=&quot;x&quot;&gt;&#39;&amp;\u{FFFD}');
    expect(escapeMarkdown('a|b\n*c* <d>')).toBe('a\\|b \\*c\\* \\<d\\>');
  });

  it('shows differences with their sign', () => {
    expect(pointsWithInterval(0.083, 0.022)).toBe('+8.3 ± 2.2');
    expect(pointsWithInterval(-0.016, undefined)).toBe('−1.6');
  });
});
