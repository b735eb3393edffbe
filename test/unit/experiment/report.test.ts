import { describe, expect, it } from 'vitest';
import { drawChart } from '../../../src/base/document/chart.ts';
import { escapeMarkdown, escapeMarkup } from '../../../src/base/document/escape.ts';
import { formatTick, niceTicks } from '../../../src/base/document/scale.ts';
import { renderCsv } from '../../../src/experiment/report/csv.ts';
import { curveSvg } from '../../../src/experiment/report/curve.ts';
import { renderLatex } from '../../../src/experiment/report/latex.ts';
import { accuracyRows, type Measured } from '../../../src/experiment/report/rows.ts';
import { sectionsOf } from '../../../src/experiment/report/sections.ts';
import { pointsWithInterval } from '../../../src/experiment/report/words.ts';
import { RunBackend, type RunSummary } from '../../../src/protocol.ts';
import { reportOf, run } from './made.ts';

const SUMMARY: RunSummary = {
  ...{ id: 'r', folder: '/r', experiment: '/e', method: 'croma', seed: 0, source: 'image', target: 'audio' },
  ...{ pairNoise: 0, ways: 5, state: 'running', progress: 0, results: [], curve: [] },
};

const differencesOf = (runs: readonly Measured[]) => reportOf(runs).differences;

describe('the rows of a report', () => {
  it('pool the test tasks of all seeds, and tell how far the seeds are apart', () => {
    const [row] = accuracyRows([run('croma', 0, [0.2, 0.4]), run('croma', 1, [0.6, 0.8])], ['croma']);
    // Mean 0.5; sum of squares 0.2, n − 1 = 3, s = 0.258199; 1.96 · s / 2 = 0.253035.
    expect(row).toMatchObject({ method: 'croma', shots: 5, labelNoise: 0, pairNoise: 0, tasks: 4, seeds: 2 });
    expect(row?.accuracy).toBeCloseTo(0.5, 12);
    expect(row?.interval).toBeCloseTo(0.253035, 6);
    // Means 0.3 and 0.7: s = 0.282843; 12.706205 · s / √2 = 2.541241.
    expect(row?.seedInterval).toBeCloseTo(2.541241, 6);
  });

  it('have no interval for a single task', () => {
    const [row] = accuracyRows([run('scratch', 0, [1])], ['scratch']);
    expect(row).toEqual({
      ...{ method: 'scratch', shots: 5, labelNoise: 0, pairNoise: 0 },
      ...{ accuracy: 1, tasks: 1, seeds: 1 },
    });
  });

  it('stand by themselves for each kind of noise, methods in the order given, from the cleanest on', () => {
    const runs = [
      run('scratch', 0, [0.1]),
      run('croma', 0, [0.2], { pairNoise: 0.5, pairsPerClass: 9 }),
      run('croma', 0, [0.3], { pairsPerClass: 9, labelNoise: 0.2 }),
      run('croma', 0, [0.4], { pairsPerClass: 9 }),
    ];
    expect(accuracyRows(runs, ['croma', 'scratch']).map(({ accuracy }) => accuracy)).toEqual([0.4, 0.2, 0.3, 0.1]);
  });

  it('differ task by task of the same seed, so that what is common to both cancels out', () => {
    const [difference] = differencesOf([
      run('croma', 0, [0.9, 0.3]),
      run('croma', 1, [0.5, 0.7]),
      run('scratch', 1, [0.4, 0.6]),
      run('scratch', 0, [0.8, 0.1]),
    ]);
    // 0.1, 0.1, 0.1, 0.2: mean 0.125, s = 0.05, 1.96 · 0.05 / 2 = 0.049; t = 5, p = 0.015392 (SciPy).
    expect(difference).toMatchObject({ reference: 'croma', method: 'scratch', shots: 5, tasks: 4, seeds: 2 });
    expect(difference?.difference).toBeCloseTo(0.125, 12);
    expect(difference?.interval).toBeCloseTo(0.049, 12);
    expect(difference?.p).toBeCloseTo(0.0153926, 6);
    expect(difference?.adjusted).toBe(difference?.p);
  });

  it('correct the p-values of all differences together', () => {
    const other = [0.8, 0.1, 0.4, 0.6];
    const found = differencesOf([
      run('croma', 0, [0.9, 0.3, 0.5, 0.7]),
      run(
        'align-classify',
        0,
        other.map((value) => value + 0.01),
      ),
      run('scratch', 0, other),
    ]);
    expect(found).toHaveLength(2);
    const [least, most] = found.toSorted((a, b) => (a.p ?? 1) - (b.p ?? 1));
    expect(least?.adjusted).toBeCloseTo(2 * (least?.p ?? 0), 12);
    expect(most?.adjusted).toBeCloseTo(Math.max(2 * (least?.p ?? 0), most?.p ?? 0), 12);
  });

  it('differ at the same level only, where at most one kind of noise is away from the cleanest', () => {
    const runs = (['croma', 'scratch'] as const).flatMap((method) =>
      [0, 0.5].flatMap((pairNoise) =>
        [0, 0.4].map((labelNoise) => run(method, 0, [0.5, 0.6], { pairNoise, labelNoise })),
      ),
    );
    expect(differencesOf(runs).map(({ labelNoise, pairNoise }) => [labelNoise, pairNoise])).toEqual([
      [0, 0],
      [0, 0.5],
      [0.4, 0],
    ]);
  });

  it('leave out a seed that only one of the two methods has finished', () => {
    expect(differencesOf([run('croma', 0, [0.9]), run('scratch', 1, [0.1])])).toEqual([]);
  });
});

describe('the sections of a report', () => {
  const runs = (['croma', 'scratch'] as const).flatMap((method) =>
    [2, 8].flatMap((pairsPerClass) => [0, 1].map((seed) => run(method, seed, [0.5, 0.25], { pairsPerClass }))),
  );

  it('show one table along each kind of noise that there is, from little to much', () => {
    const sections = sectionsOf(reportOf(runs));
    expect(sections.map(({ id }) => id)).toEqual(['accuracy', 'differences', 'seeds', 'pairsPerClass']);
    const [accuracies] = sections[3]?.tables ?? [];
    expect(accuracies?.header).toEqual(['method', '2', '8']);
    expect(accuracies?.rows[0]?.[0]).toBe('croma, 5-shot');
    expect(sections[3]?.figures).toHaveLength(1);
    expect(sections[0]?.sentence).toContain(
      'with 8 pairs per class: mean ± 95 % interval over 4 test tasks of 2 seeds',
    );
  });

  it('say what is taken for what, the most frequent first', () => {
    const counts = [
      [6, 4],
      [1, 9],
    ];
    const confusion = { method: 'croma' as const, shots: 5, classes: ['cat', 'dog'], counts };
    const section = sectionsOf(reportOf(runs, { confusions: [confusion] })).find(({ id }) => id === 'confusion');
    expect(section?.tables[0]?.rows).toEqual([
      ['croma', 'cat', 'dog', '40.0 %', '10'],
      ['croma', 'dog', 'cat', '10.0 %', '10'],
    ]);
    expect(section?.figures[0]?.svg).toContain('<title>cat as dog: 40.0 %</title>');
    expect(section?.detail).toBe(true);
  });

  it('show retrieval beside chance, cost and measures', () => {
    const retrieval = [
      { method: 'croma' as const, from: 'source' as const, k: 1, recall: 0.4, interval: 0.05, chance: 0.02 },
    ];
    const costs = [
      { method: 'croma' as const, runs: 2, steps: 6400, trainingSeconds: 65, testSeconds: 9, peakBytes: 2 ** 28 },
    ];
    const measures = [{ method: 'croma' as const, shots: 5, name: 'drift', mean: 0.01234, interval: 0.001, tasks: 4 }];
    const tables = new Map(
      sectionsOf(reportOf(runs, { retrieval, costs, measures })).map(({ id, tables: all }) => [id, all[0]]),
    );
    expect(tables.get('retrieval')?.header).toEqual(['method', 'image → audio recall@1']);
    expect(tables.get('retrieval')?.rows).toEqual([
      ['croma', '40.0 ± 5.0'],
      ['chance', '2.0'],
    ]);
    expect(tables.get('cost')?.rows).toEqual([['croma', '2', '6,400', '1 min 5 s', '9 s', '256 MiB']]);
    expect(tables.get('measures')?.rows).toEqual([['croma, 5-shot', '0.0123 ± 0.001']]);
  });
});

describe('the backends in a report', () => {
  const measured = (name: string, stepMs: number) => ({
    device: { name, memory: 8 * 2 ** 30, driver: '575.51' },
    versions: { TensorFlow: '2.21.0' },
    ...{ gigaflops: 318.26, productError: 0, stepError: 0, stepMs, wasmStepMs: 1.5 },
  });
  const passedOver = { name: 'webgpu', state: 'refused' as const, reason: 'Dawn finds no GPU.' };
  const slow = { name: 'tensorflow', state: 'ready' as const, reason: 'It is slower.', measured: measured('two', 2.4) };
  const wasm: RunBackend = {
    ...{ name: 'wasm', describe: 'wasm on one', by: 'auto', refused: [passedOver, slow] },
    status: { name: 'wasm', state: 'ready', measured: measured('one', 1.5) },
  };
  const tablesOf = (...backends: readonly RunBackend[]) =>
    sectionsOf(reportOf([run('croma', 0, [0.5])], { runs: backends.map((backend) => ({ ...SUMMARY, backend })) })).find(
      ({ id }) => id === 'backend',
    )?.tables;

  it('are those that ran, who chose them, and what was passed over, why and how fast it was', () => {
    const [ran, not] = tablesOf(wasm, wasm) ?? [];
    expect(ran?.rows).toEqual([
      ['wasm', '2', 'auto', 'one', '8.0 GiB', '575.51', '318', '1.5', '1.5', 'TensorFlow 2.21.0'],
    ]);
    expect(not?.rows).toEqual([
      ['webgpu', '2', 'Dawn finds no GPU.', '–', '–', '–', '–', '–', '–', '–'],
      ['tensorflow', '2', 'It is slower.', 'two', '8.0 GiB', '575.51', '318', '2.4', '1.5', 'TensorFlow 2.21.0'],
    ]);
  });

  it('are said to be named where no probe was needed, and nothing is said that an old record does not tell', () => {
    const named: RunBackend = { name: 'wasm', describe: 'wasm on one', by: 'experiment', refused: [] };
    const old = RunBackend.parse({ name: 'wasm', describe: '', refused: [{ name: 'webgpu', reason: 'No GPU.' }] });
    const [ran, not] = tablesOf(named, old) ?? [];
    expect(ran?.rows.map((row) => row.slice(0, 4))).toEqual([
      ['wasm', '1', 'named in the experiment', '–'],
      ['wasm', '1', '–', '–'],
    ]);
    expect(not?.rows.map((row) => row.slice(0, 3))).toEqual([['webgpu', '1', 'No GPU.']]);
  });
});

describe('the files of a report', () => {
  it('hold every task in long format, with a column a measure', () => {
    const [first, second] = [run('croma', 3, [0.5, 1], { pairNoise: 0.2, labelNoise: 0.4 }), run('scratch', 3, [0.25])];
    const measured = { ...first, results: first.results.map((each) => ({ ...each, measures: { 'a,b': [null, 2] } })) };
    expect(renderCsv([measured, second])).toBe(
      [
        'method,seed,pair_noise,pairs_per_class,shots,label_noise,task,accuracy,"a,b"',
        'croma,3,0.2,,5,0.4,0,0.5,',
        'croma,3,0.2,,5,0.4,1,1,2',
        'scratch,3,0,,5,0,0,0.25,',
        '',
      ].join('\r\n'),
    );
  });

  it('hold booktabs tables whose text cannot be taken for commands', () => {
    const tex = renderLatex(
      reportOf([run('croma', 0, [0.5, 0.25]), run('scratch', 0, [0.25, 0.25])], { name: 'a_b % \\x' }),
    );
    expect(tex).toContain('% a\\_b \\% \\textbackslash{}x. Needs');
    expect(tex).toContain('croma & 37.5 $\\pm$ 24.5 \\\\');
    expect(tex).toMatch(/croma \$-\$ scratch & \+12\.5 \$\\pm\$ 24\.5, p = 0\.500/);
    expect(tex.match(/\\toprule/g)).toHaveLength(2);
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

  it('puts names that do not fit into further lines, and keeps the looks of a name', () => {
    const names = Array.from({ length: 12 }, (_, at) => `a method with a long name ${at}`);
    const many = {
      ...chart,
      series: names.map((name, style) => ({ name, style: style + 5, points: [{ x: 1, y: 0.5 }] })),
    };
    const svg = drawChart(many, { width: 400, height: 300 });
    expect(svg).toContain('class="series-11"');
    const ends = [...svg.matchAll(/<text class="label" x="([\d.]+)" y="[\d.]+" text-anchor="start">/g)];
    expect(ends).toHaveLength(12);
    for (const [, x] of ends) expect(Number(x)).toBeLessThan(250);
  });

  it('for a hover has its colours in it, and says so when there is nothing to show', () => {
    expect(curveSvg(SUMMARY, 'dark')).toContain('No points yet.');
    const curve = [1, 2, 3].map((iteration) => ({ iteration, losses: { classification: 1 / iteration } }));
    expect(curveSvg({ ...SUMMARY, curve }, 'light')).toMatch(/^<svg .*width="360".*#0072b2/);
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
