import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const cli = fileURLToPath(new URL('../../../dist/cli.js', import.meta.url));
const wrapper = `
  process.on('exit', () => {
    const { maxRSS, userCPUTime, systemCPUTime } = process.resourceUsage();
    process.stderr.write('\\npeak ' + maxRSS + ' processor ' + (userCPUTime + systemCPUTime) + '\\n');
  });
  process.argv.splice(1, 0, ${JSON.stringify(cli)});
  require(${JSON.stringify(cli)});
`;

/**
 * Runs the command line in a process of its own: its seconds, those of the processor (user and system, all threads), its
 * largest resident memory in MB, what it prints as JSON.
 */
export function pairlab(...args) {
  const started = performance.now();
  const { stdout, stderr, status } = spawnSync(process.execPath, ['-e', wrapper, '--', ...args, '--json'], {
    encoding: 'utf8',
    maxBuffer: 1 << 30,
  });
  const seconds = (performance.now() - started) / 1000;
  const [, peak, processor] = /peak (\d+) processor (\d+)/.exec(stderr) ?? [];
  if (peak === undefined || (status !== 0 && status !== 1)) throw new Error(`pairlab ${args.join(' ')}: ${stderr}`);
  return { seconds, processor: Number(processor) / 1e6, megabytes: Number(peak) / 1024, json: JSON.parse(stdout) };
}
