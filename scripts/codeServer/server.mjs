/** One running code-server: a real VS Code on a local address, without marketplace, telemetry or updates. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { run, succeed } from '../process.mjs';
import { userSettings } from './settings.mjs';
import { codeServer } from './versions.mjs';

const startLimit = 60_000;
const stopLimit = 5_000;

/**
 * @typedef {object} ServerOptions
 * @property {string} [vsix] a packed extension to install first
 * @property {boolean} [trust] ask whether a folder is trusted; otherwise every folder is
 * @property {Record<string, string>} [environment] what the extension host finds in its environment
 *
 * @typedef {object} Server
 * @property {string} authority host and port
 * @property {(folder: string) => string} address of the workbench with this folder open
 * @property {() => string} log what the server printed
 * @property {Promise<unknown>} ended settles when the server has ended, by itself or by `stop`
 * @property {() => Promise<void>} stop ends the server with its extension hosts and removes its profile
 */

/**
 * Starts a server with a fresh profile and waits until it answers.
 * @param {ServerOptions} [options]
 * @returns {Promise<Server>}
 */
export async function startServer({ vsix, trust = false, environment = {} } = {}) {
  const profile = await makeProfile();
  const env = cleanEnvironment(environment);
  if (vsix) await installExtension(profile, vsix, env);
  const authority = `127.0.0.1:${await freePort()}`;
  const logFile = join(profile, 'server.log');
  const log = () => readFileSync(logFile, 'utf8');
  const descriptor = openSync(logFile, 'a');
  const child = spawn(codeServer.node, [...profileArguments(profile), ...serverArguments(authority, trust)], {
    env,
    stdio: ['ignore', descriptor, descriptor],
    // Its own process group, so that the extension hosts end with it.
    detached: true,
  });
  closeSync(descriptor);
  const ended = once(child, 'exit');
  const stop = async () => {
    await stopGroup(child, ended);
    await rm(profile, { recursive: true, force: true, maxRetries: 3 });
  };
  try {
    await untilReady(child, authority, log);
  } catch (error) {
    await stop();
    throw error;
  }
  return { authority, address: (folder) => `http://${authority}/?folder=${encodeURI(folder)}`, log, ended, stop };
}

async function makeProfile() {
  const profile = await mkdtemp(join(tmpdir(), 'pairlab-vscode-'));
  await mkdir(join(profile, 'user', 'User'), { recursive: true });
  await mkdir(join(profile, 'extensions'));
  await writeFile(join(profile, 'config.yaml'), '');
  await writeFile(join(profile, 'user', 'User', 'settings.json'), JSON.stringify(userSettings, undefined, 2));
  return profile;
}

/** Nothing of a VS Code or Electron that this script itself was started from; no marketplace. */
function cleanEnvironment(environment) {
  const foreign = /^(VSCODE_|ELECTRON_|CODE_SERVER_|NODE_OPTIONS$)/;
  const own = Object.entries(process.env).filter(([name]) => !foreign.test(name));
  return { ...Object.fromEntries(own), EXTENSIONS_GALLERY: '{}', ...environment };
}

function profileArguments(profile) {
  return [
    codeServer.entry,
    ...['--user-data-dir', join(profile, 'user')],
    ...['--extensions-dir', join(profile, 'extensions')],
    ...['--config', join(profile, 'config.yaml')],
  ];
}

function serverArguments(authority, trust) {
  return [
    ...['--auth', 'none'],
    ...['--bind-addr', authority],
    '--disable-telemetry',
    '--disable-update-check',
    '--disable-getting-started-override',
    '--disable-proxy',
    '--ignore-last-opened',
    ...(trust ? [] : ['--disable-workspace-trust']),
  ];
}

async function installExtension(profile, vsix, env) {
  const args = [...profileArguments(profile), '--install-extension', vsix, '--force'];
  await succeed(
    `Installing ${vsix} into VS Code`,
    run(codeServer.node, args, { env, stdio: ['ignore', 'ignore', 'inherit'] }),
  );
}

/** @returns {Promise<number>} */
function freePort() {
  return new Promise((resolve, reject) => {
    const probe = createServer().once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
}

async function untilReady(child, authority, log) {
  const deadline = Date.now() + startLimit;
  while (Date.now() < deadline) {
    if (child.exitCode !== null) throw new Error(`code-server ended at once:\n${log()}`);
    const answer = await fetch(`http://${authority}/healthz`).catch(() => undefined);
    if (answer?.ok) return;
    await delay(50);
  }
  throw new Error(`code-server did not answer within ${startLimit / 1000} s:\n${log()}`);
}

async function stopGroup(child, ended) {
  signalGroup(child, 'SIGTERM');
  await Promise.race([ended, delay(stopLimit, undefined, { ref: false })]);
  // Also when the server itself has ended: an extension host may need longer.
  signalGroup(child, 'SIGKILL');
}

function signalGroup(child, signal) {
  try {
    process.kill(-child.pid, signal);
  } catch {
    // The whole group has ended already.
  }
}
