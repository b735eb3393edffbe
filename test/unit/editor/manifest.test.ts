import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { commandIds, contextKeys, panelTypes, settings, viewIds } from '../../../src/editor/commandIds.ts';

const root = new URL('../../../', import.meta.url);
const read = (path: string): string => readFileSync(new URL(path, root), 'utf8');

const MenuItem = z.object({ command: z.string(), when: z.string() });
const Manifest = z.object({
  activationEvents: z.array(z.string()),
  engines: z.object({ vscode: z.string() }),
  devDependencies: z.object({ '@types/vscode': z.string() }),
  contributes: z.object({
    viewsContainers: z.object({ activitybar: z.array(z.object({ icon: z.string() })) }),
    views: z.object({ pairlab: z.array(z.object({ id: z.string() })) }),
    viewsWelcome: z.array(z.object({ view: z.string(), contents: z.string(), when: z.string() })),
    commands: z.array(
      z.object({ command: z.string(), title: z.string(), category: z.string(), enablement: z.string().optional() }),
    ),
    menus: z.record(z.string(), z.array(MenuItem)),
    keybindings: z.array(z.object({ command: z.string(), when: z.string() })),
    configuration: z.object({ properties: z.record(z.string(), z.object({ description: z.string() })) }),
  }),
});
const manifest = Manifest.parse(JSON.parse(read('package.json')));
const strings = z.record(z.string(), z.string()).parse(JSON.parse(read('package.nls.json')));
const { contributes } = manifest;

describe('the manifest and the code', () => {
  it('name the same commands', () => {
    const contributed = contributes.commands.map(({ command }) => command);
    expect(contributed.sort()).toEqual(Object.values(commandIds).sort());
  });

  it('name the same views and panels', () => {
    expect(contributes.views.pairlab.map(({ id }) => id)).toEqual(Object.values(viewIds));
    const restored = manifest.activationEvents.filter((event) => event.startsWith('onWebviewPanel:'));
    expect(restored).toEqual(Object.values(panelTypes).map((type) => `onWebviewPanel:${type}`));
  });

  it('use only commands that exist in menus and welcome texts', () => {
    const known: readonly string[] = Object.values(commandIds);
    const offered = [...Object.values(contributes.menus).flat(), ...contributes.keybindings];
    for (const { command } of offered) expect(known).toContain(command);
    const linked = Object.values(strings).flatMap((text) => [...text.matchAll(/command:(pairlab[\w.]+)/g)]);
    expect(linked.length).toBeGreaterThan(0);
    for (const [, command] of linked) expect(known).toContain(command);
  });

  it('use only context keys that the code sets', () => {
    const used = JSON.stringify(contributes).match(/pairlab\.\w*State/g) ?? [];
    expect([...new Set(used)].sort()).toEqual(Object.values(contextKeys).sort());
  });

  it('name the same settings', () => {
    const { section, ...names } = settings;
    const known = Object.values(names).map((name) => `${section}.${name}`);
    expect(Object.keys(contributes.configuration.properties)).toEqual(known);
  });

  it('keep what executes or writes from running in Restricted Mode', () => {
    const needTrust = contributes.commands.filter(({ enablement }) => enablement === 'isWorkspaceTrusted');
    expect(needTrust.map(({ command }) => command)).toEqual([
      commandIds.indexDataset,
      commandIds.checkDataset,
      commandIds.initDataset,
      commandIds.excludePair,
      commandIds.includePair,
      commandIds.markWeak,
      commandIds.markStrong,
      commandIds.correctClass,
      commandIds.correctText,
      commandIds.addNote,
      commandIds.undoDecision,
      commandIds.applyFix,
      commandIds.newExperiment,
      commandIds.runExperiment,
      commandIds.stopRun,
      commandIds.showBackends,
      commandIds.setUpRuntime,
    ]);
  });

  it('have every string in package.nls.json, and no string that nobody uses', () => {
    const used = [...read('package.json').matchAll(/"%([\w.]+)%"/g)].map(([, key]) => key);
    expect([...new Set(used)].sort()).toEqual(Object.keys(strings).sort());
  });

  it('agree on the oldest VS Code', () => {
    expect(manifest.engines.vscode).toBe('^1.100.0');
    expect(manifest.devDependencies['@types/vscode']).toBe('~1.100.0');
  });

  it('have their icons', () => {
    const icons = [...contributes.viewsContainers.activitybar.map(({ icon }) => icon)];
    icons.push('media/pairlab-light.svg', 'media/pairlab-dark.svg');
    for (const icon of icons) expect(existsSync(fileURLToPath(new URL(icon, root)))).toBe(true);
  });
});
