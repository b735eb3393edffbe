import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { CancellationTokenSource, Emitter } from 'vscode-jsonrpc/node';
import { vscodeText } from '../../unit/editor/vscodeText.ts';

const told: string[] = [];
/** What the user clicks on the next message. */
let answer: string | undefined;
const say = async (sentence: string): Promise<string | undefined> => {
  told.push(sentence);
  const clicked = answer;
  answer = undefined;
  return clicked;
};

class Cancelled extends Error {}

vi.mock('vscode', () => ({
  ...vscodeText,
  EventEmitter: Emitter,
  CancellationTokenSource,
  CancellationError: Cancelled,
  window: { showWarningMessage: say, showErrorMessage: say },
}));
const { EngineClient } = await import('../../../src/editor/engineClient.ts');

const quiet = (): void => undefined;
const log = { info: quiet, warn: quiet, error: quiet, debug: quiet, show: quiet };

/** Answers `dataset/list` with an empty list, and dies at any other request. */
const FRAGILE = `
let text = '';
process.stdin.on('data', (chunk) => {
  text += chunk;
  for (;;) {
    const head = /Content-Length: (\\d+)\\r\\n\\r\\n/.exec(text);
    if (head === null) return;
    const start = head.index + head[0].length;
    if (text.length < start + Number(head[1])) return;
    const message = JSON.parse(text.slice(start, start + Number(head[1])));
    text = text.slice(start + Number(head[1]));
    if (message.method !== 'dataset/list') process.exit(7);
    const body = JSON.stringify({ jsonrpc: '2.0', id: message.id, result: [] });
    process.stdout.write('Content-Length: ' + body.length + '\\r\\n\\r\\n' + body);
  }
});
process.stdin.on('end', () => process.exit(0));
`;

describe('the client of an engine', () => {
  let folder = '';
  let client: InstanceType<typeof EngineClient>;
  let restarts = 0;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'pairlab-client-'));
    const cli = join(folder, 'fragile.cjs');
    await writeFile(cli, FRAGILE);
    told.length = 0;
    answer = undefined;
    restarts = 0;
    // The client uses no more of a folder and of a log than this.
    client = new EngineClient(cli, { uri: { fsPath: folder } } as never, log as never);
    client.onRestarted(() => {
      restarts += 1;
    });
  });
  afterEach(async () => {
    client.dispose();
    await rm(folder, { recursive: true, force: true });
  });

  it('tells that the engine stopped, and has it started again for the next request', async () => {
    expect(await client.request('dataset/list', {})).toEqual([]);
    await expect(client.request('run/list', {})).rejects.toMatchObject({ kind: 'environment' });
    expect(told).toEqual(['The PairLab engine stopped unexpectedly and was started again.']);
    expect(restarts).toBe(1);
    expect(await client.request('dataset/list', {})).toEqual([]);
  });

  it('leaves an engine down that stops again and again, until the user starts it', async () => {
    for (let crash = 0; crash < 2; crash++) await expect(client.request('run/list', {})).rejects.toThrow();
    answer = 'Start Again';
    await expect(client.request('run/list', {})).rejects.toThrow();
    await vi.waitFor(() => expect(restarts).toBe(3), 60_000);
    expect(told.at(-1)).toBe('The PairLab engine stopped 3 times in a row and is down.');
    expect(await client.request('dataset/list', {})).toEqual([]);
  });

  it('refuses requests with a sentence while the engine is down', async () => {
    for (let crash = 0; crash < 3; crash++) await expect(client.request('run/list', {})).rejects.toThrow();
    await expect(client.request('dataset/list', {})).rejects.toThrow('keeps stopping and is down');
  });

  it('rejects with a cancellation when the user cancels', async () => {
    const stop = new CancellationTokenSource();
    stop.cancel();
    const asked = client.request('run/list', {}, { cancellation: stop.token });
    await expect(asked).rejects.toBeInstanceOf(Cancelled);
  });
});
