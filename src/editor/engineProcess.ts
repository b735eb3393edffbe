import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { dirname } from 'node:path';
import {
  type CancellationToken,
  createMessageConnection,
  type MessageConnection,
  StreamMessageReader,
  StreamMessageWriter,
} from 'vscode-jsonrpc/node';
import type * as z from 'zod';
import { type NotificationName, type NotificationParams, notifications, type RequestName } from '../protocol.ts';

/** Longer than the engine gives its own jobs to stop. */
const KILL_AFTER_MS = 8_000;

export interface EngineListener {
  readonly on: { readonly [N in NotificationName]: (params: NotificationParams<N>) => void };
  /** A line of the engine's stderr, or a message that does not fit the protocol. */
  readonly onLine: (line: string) => void;
  /** The process ended; `reason` is for the log ("exit code 1"). Called once, also when it could not be started. */
  readonly onExit: (reason: string) => void;
}

/**
 * The environment of the engine. In VS Code's own host `process.execPath` is Electron, which must be told to be Node;
 * the host's other variables would make it speak to VS Code.
 */
export function engineEnvironment(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const inherited = Object.entries(environment).filter(([name]) => !/^(VSCODE_|ELECTRON_|NODE_OPTIONS$)/.test(name));
  return { ...Object.fromEntries(inherited), ELECTRON_RUN_AS_NODE: '1' };
}

/** One `pairlab serve` for a workspace folder. It lives as long as our end of its stdin is open. */
export class EngineProcess {
  readonly #child: ChildProcessWithoutNullStreams;
  readonly #connection: MessageConnection;

  /** @param variables what its environment holds besides ours */
  constructor(cli: string, workspace: string, listener: EngineListener, variables: NodeJS.ProcessEnv = {}) {
    this.#child = spawn(process.execPath, [cli, 'serve', '--workspace', workspace], {
      // Never the workspace itself: nothing of an untrusted folder may be picked up by chance.
      cwd: dirname(cli),
      env: { ...engineEnvironment(process.env), ...variables },
      stdio: 'pipe',
    });
    this.#connection = createMessageConnection(
      new StreamMessageReader(this.#child.stdout),
      new StreamMessageWriter(this.#child.stdin),
    );
    this.#listen(listener);
    this.#connection.listen();
  }

  /** The answer as it came, not yet checked. Rejects when the process ends first. */
  async request(name: RequestName, params: object, cancellation: CancellationToken): Promise<unknown> {
    return await this.#connection.sendRequest(name, params, cancellation);
  }

  /** Closes its stdin, which ends it; kills it when it does not end. */
  stop(): void {
    this.#connection.end();
    this.#child.stdin.end();
    const kill = setTimeout(() => this.#child.kill('SIGKILL'), KILL_AFTER_MS);
    this.#child.once('exit', () => clearTimeout(kill));
  }

  #listen({ on, onLine, onExit }: EngineListener): void {
    let exited = false;
    const exit = (reason: string): void => {
      if (exited) return;
      exited = true;
      this.#connection.dispose();
      onExit(reason);
    };
    this.#child.once('error', (error) => exit(error.message));
    this.#child.once('exit', (code, signal) => exit(signal === null ? `exit code ${code}` : `signal ${signal}`));
    this.#child.stdin.on('error', (error) => onLine(`stdin: ${error.message}`));
    this.#child.stderr.setEncoding('utf8').on('data', (text: string) => onLine(text.trimEnd()));
    this.#connection.onError(([error]) => onLine(`connection: ${error.message}`));
    for (const name of Object.keys(notifications) as NotificationName[]) this.#forward(name, on[name], onLine);
  }

  #forward<N extends NotificationName>(name: N, hear: EngineListener['on'][N], onLine: EngineListener['onLine']): void {
    const schema: z.ZodType = notifications[name];
    this.#connection.onNotification(name, (sent: unknown) => {
      const parsed = schema.safeParse(sent);
      // Checked by the schema of the same name, which TypeScript cannot follow through N.
      if (parsed.success) hear(parsed.data as NotificationParams<N>);
      else onLine(`${name} does not fit the protocol: ${parsed.error.message}`);
    });
  }
}
