import { execFile } from 'node:child_process';
import { homedir, userInfo } from 'node:os';
import { promisify } from 'node:util';

const PATIENCE_MS = 5_000;

/** Who signs a decision in a folder: git's `user.name` there, else the name of the user of this machine. */
export async function authorIn(folder: string): Promise<string> {
  // Never started in the folder itself, where a program of the same name may lie.
  const options = { cwd: homedir(), timeout: PATIENCE_MS, windowsHide: true };
  const named = await promisify(execFile)('git', ['-C', folder, 'config', 'user.name'], options).then(
    ({ stdout }) => stdout.trim(),
    () => '',
  );
  return named === '' ? userInfo().username : named;
}
