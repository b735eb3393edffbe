import * as vscode from 'vscode';
import type { BackendStatus, BackendTable, Device } from '../../protocol.ts';

/** The backends of this machine as Markdown: a table, and what keeps each one from being used. */
export function backendsText({ backends, chosen, runtimes, node }: BackendTable): string {
  const head = [
    vscode.l10n.t('Backend'),
    vscode.l10n.t('State'),
    vscode.l10n.t('Device'),
    vscode.l10n.t('Memory'),
    'GFLOP/s',
    vscode.l10n.t('ms/step'),
    vscode.l10n.t('Versions'),
  ];
  const rows = backends.map((status) => cellsOf(status, chosen));
  const lines = [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`);
  const parts = [
    `# ${vscode.l10n.t('Compute Backends')}`,
    lines.join('\n'),
    ...backends.flatMap(whyNot),
    ...(backends.some(({ state }) => state === 'not set up')
      ? [vscode.l10n.t('The command *{0}* sets one up as well.', 'PairLab: Set Up GPU Runtime…')]
      : []),
    vscode.l10n.t('Runs use Node {0} ({1}). Set-ups lie in {2}.', node.version, node.path, runtimes),
  ];
  return `${parts.join('\n\n')}\n`;
}

function cellsOf({ name, state, measured }: BackendStatus, chosen: string): string[] {
  return [
    name === chosen ? `**${name}** (${vscode.l10n.t('taken by auto')})` : name,
    state,
    measured === undefined ? '' : deviceText(measured.device),
    measured?.device.memory === undefined ? '' : `${(measured.device.memory / 2 ** 30).toFixed(1)} GiB`,
    measured === undefined ? '' : measured.gigaflops.toFixed(measured.gigaflops < 10 ? 1 : 0),
    measured === undefined ? '' : measured.stepMs.toFixed(1),
    Object.entries(measured?.versions ?? {})
      .map(([what, version]) => `${what} ${version}`)
      .join(', '),
  ].map((cell) => cell.replaceAll('|', '\\|'));
}

function deviceText({ name, driver }: Device): string {
  return driver === undefined ? name : vscode.l10n.t('{0}, driver {1}', name, driver);
}

function whyNot({ name, reason, next }: BackendStatus): string[] {
  return reason === undefined ? [] : [`**${name}**: ${[reason, next].filter(Boolean).join(' ')}`];
}
