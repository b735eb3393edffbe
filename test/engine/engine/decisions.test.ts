import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { EngineUnderTest, type SampleWorkspace, sampleWorkspace, until } from './engine.ts';

describe('the engine, asked to decide', () => {
  let workspace: SampleWorkspace;
  let engine: EngineUnderTest;
  let dataset = '';
  beforeAll(async () => {
    workspace = await sampleWorkspace();
    dataset = workspace.dataset;
    engine = new EngineUnderTest(workspace.folder);
    await engine.ask('dataset/index', { dataset });
  });
  afterAll(async () => {
    engine.stop();
    await engine.exit;
    await workspace.remove();
  });

  const page = async (filter: object = {}) =>
    await engine.ask('dataset/pairs', { dataset, filter, offset: 0, limit: 3 });

  it('excludes pairs, shows them as such, tells that the dataset changed, and undoes it', async () => {
    const [pair] = (await page()).rows;
    const targets = [{ pair: pair?.id ?? '' }];
    const summary = await engine.ask('decision/add', { dataset, decision: { decision: 'exclude' }, targets });
    expect(summary.excluded).toBe(1);
    expect(await page({ excluded: true })).toMatchObject({ total: 1, rows: [{ id: pair?.id, excluded: true }] });
    await until(
      () => engine.heard['datasets/changed'].flat().find(({ snapshot }) => snapshot?.excluded === 1),
      'the changed dataset',
    );
    expect(await engine.ask('decision/undo', { dataset })).toMatchObject({
      undone: { decision: 'exclude' },
      targets: 1,
      example: pair?.id,
      snapshot: { excluded: 0 },
    });
    await expect(engine.ask('decision/undo', { dataset })).rejects.toMatchObject({ data: { kind: 'input' } });
  });

  it('lets a check in the background give way to a decision, and finishes it when it is asked again', async () => {
    const checking = engine.ask('dataset/check', { dataset, background: true, token: 'check' });
    const given = expect(checking).rejects.toMatchObject({ data: { kind: 'cancelled' } });
    await until(() => engine.heard.progress.find(({ token }) => token === 'check'), 'the check');
    const [pair] = (await page()).rows;
    const decision = { decision: 'note', value: 'look again' } as const;
    await engine.ask('decision/add', { dataset, decision, targets: [{ pair: pair?.id ?? '' }] });
    await given;
    expect((await page()).rows[0]?.note).toBe('look again');
    expect(await engine.ask('dataset/check', { dataset, background: true })).toMatchObject({ decoded: true });
    const { snapshot } = await engine.ask('decision/undo', { dataset });
    expect(snapshot.decoded).toBe(true);
  });

  it('describes the items, and proposes layouts of a folder without writing', async () => {
    const { modalities } = await engine.ask('dataset/statistics', { dataset });
    expect(modalities.map(({ modality, items }) => [modality, items])).toEqual([
      ['image', 80],
      ['audio', 80],
      ['text', 80],
    ]);
    const [best] = await engine.ask('dataset/propose', { folder: workspace.folder });
    expect(best).toMatchObject({ layout: 'stem', matchRate: 1, matched: 240, ambiguous: 0 });
  });
});
