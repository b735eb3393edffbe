import * as vscode from 'vscode';
import type { NativeBackend, SetUpPlan, SetUpRequest } from '../../protocol.ts';
import { runJob } from '../runJob.ts';
import type { Workspaces } from '../workspaces.ts';
import { anyWorkspace } from './anyWorkspace.ts';
import type { BackendDocument } from './backendDocument.ts';

/** Asks what to set up, says what that fetches, and does it once the user agrees. */
export async function setUpRuntime(workspaces: Workspaces, document: BackendDocument): Promise<void> {
  const { client } = anyWorkspace(workspaces);
  const request = await pickRequest();
  if (request === undefined) return;
  const plan = await client.request('backend/plan', request);
  if (!(await agrees(plan))) return;
  const title = vscode.l10n.t('Setting up {0}', request.backend);
  const table = await runJob(title, (options) => client.request('backend/setUp', request, options));
  await document.show(table);
}

interface BackendItem extends vscode.QuickPickItem {
  readonly backend: NativeBackend;
  /** Whose TensorFlow: fetched, or that of a Python environment. */
  readonly installed: boolean;
}

async function pickRequest(): Promise<SetUpRequest | undefined> {
  const items: BackendItem[] = [
    {
      backend: 'webgpu',
      installed: false,
      label: 'webgpu',
      detail: vscode.l10n.t('Any GPU, by Vulkan, Metal or Direct3D 12. From npm alone.'),
    },
    {
      backend: 'tensorflow-gpu',
      installed: false,
      label: 'tensorflow-gpu',
      detail: vscode.l10n.t('NVIDIA GPUs, by TensorFlow 2.9 and CUDA 11.2, which must be there.'),
    },
    {
      backend: 'tensorflow-gpu',
      installed: true,
      label: vscode.l10n.t('{0} with an installed TensorFlow', 'tensorflow-gpu'),
      detail: vscode.l10n.t('NVIDIA GPUs, also of today, by the TensorFlow of a Python environment.'),
    },
    {
      backend: 'tensorflow',
      installed: false,
      label: 'tensorflow',
      detail: vscode.l10n.t('The processor, by TensorFlow 2.9.'),
    },
    {
      backend: 'tensorflow',
      installed: true,
      label: vscode.l10n.t('{0} with an installed TensorFlow', 'tensorflow'),
      detail: vscode.l10n.t('The processor, by the TensorFlow of a Python environment.'),
    },
  ];
  const title = vscode.l10n.t('Set Up a Compute Runtime');
  const picked = await vscode.window.showQuickPick(items, { title, matchOnDetail: true });
  if (picked === undefined) return undefined;
  if (!picked.installed) return { backend: picked.backend };
  const openLabel = vscode.l10n.t('Use This Python Environment');
  const [folder] =
    (await vscode.window.showOpenDialog({ canSelectFiles: false, canSelectFolders: true, openLabel })) ?? [];
  return folder === undefined ? undefined : { backend: picked.backend, tensorflow: folder.fsPath };
}

async function agrees({ backend, fetches, download, disk, folder, tensorflow }: SetUpPlan): Promise<boolean> {
  const fetch = vscode.l10n.t('Fetch and Set Up');
  const megabytes = (bytes: number): string => `${Math.round(bytes / 1e6).toLocaleString('en')} MB`;
  const size = vscode.l10n.t('About {0} are fetched; {1} stay in {2}.', megabytes(download), megabytes(disk), folder);
  const against = tensorflow === undefined ? [] : [vscode.l10n.t('It is built against {0}.', tensorflow)];
  const detail = [size, ...fetches.map((name) => `• ${name}`), ...against].join('\n');
  const question = vscode.l10n.t('Set up {0}?', backend);
  return (await vscode.window.showInformationMessage(question, { modal: true, detail }, fetch)) === fetch;
}
