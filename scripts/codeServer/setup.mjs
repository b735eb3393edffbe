/**
 * Installs code-server from the npm registry alone. No install script runs and nothing is compiled: the two native
 * modules that VS Code would miss are replaced by the stubs beside this file.
 */
import { existsSync } from 'node:fs';
import { copyFile, mkdir, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { npm, succeed } from '../process.mjs';
import { codeServer } from './versions.mjs';

/** Installs the chosen version into the cache, unless it is there. Takes 10 to 25 s the first time. */
export async function setUpCodeServer() {
  const finished = join(codeServer.folder, 'finished');
  if (existsSync(finished)) return;
  console.log(`Installing code-server ${codeServer.codeServer} (VS Code ${codeServer.vscode}) …`);
  await rm(codeServer.folder, { recursive: true, force: true });
  await installPackages();
  await linkRipgrep();
  await putStubs();
  await writeFile(finished, '');
}

async function installPackages() {
  const manifest = {
    private: true,
    dependencies: { 'code-server': codeServer.codeServer, ...codeServer.packages },
    // From 0.44 on its tarball holds prebuilt binaries; the version that code-server 4.100 asks for must be compiled.
    overrides: { argon2: '^0.44.0' },
  };
  await mkdir(codeServer.folder, { recursive: true });
  await writeFile(join(codeServer.folder, 'package.json'), JSON.stringify(manifest, undefined, 2));
  await npmInstall(codeServer.folder);
  // What code-server's own install script would do next.
  await npmInstall(codeServer.vscodeFolder, '--omit=dev');
  await npmInstall(join(codeServer.vscodeFolder, 'extensions'), '--omit=dev');
}

async function npmInstall(folder, ...flags) {
  const quiet = ['--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
  await succeed(`npm install in ${folder}`, npm(['install', ...flags, ...quiet], { cwd: folder }));
}

/** VS Code 1.100 downloads ripgrep in an install script; quick open needs it. Newer versions bring it along. */
async function linkRipgrep() {
  const expected = join(codeServer.vscodeFolder, 'node_modules', '@vscode', 'ripgrep');
  if (!existsSync(expected)) return;
  await mkdir(join(expected, 'bin'), { recursive: true });
  await symlink(join(codeServer.modules, '@vscode', 'ripgrep-linux-x64', 'bin', 'rg'), join(expected, 'bin', 'rg'));
}

async function putStubs() {
  await putStub('spdlog.cjs', '@vscode/spdlog');
  await putStub('watchdog.cjs', 'native-watchdog');
  await putStub('watchdog.cjs', '@vscode/native-watchdog');
}

async function putStub(stub, packageName) {
  const folder = join(codeServer.vscodeFolder, 'node_modules', packageName);
  if (!existsSync(folder)) return;
  await copyFile(fileURLToPath(new URL(`stubs/${stub}`, import.meta.url)), join(folder, 'index.js'));
}
