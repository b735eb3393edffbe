import './validation.ts';

import * as z from 'zod';
import {
  type AlignmentPageState,
  type AlignmentView,
  type FromWebview,
  type PairPageState,
  type RunsPageState,
  type Shown,
  type ToWebview,
  toWebview,
} from '../../src/protocol.ts';

/** The editor's side of this page, as VS Code gives it: once a page load. */
declare function acquireVsCodeApi(): { postMessage(message: unknown): void; setState(state: unknown): void };

const host = acquireVsCodeApi();

interface PageStates {
  pair: PairPageState;
  alignment: AlignmentPageState;
  runs: RunsPageState;
}

/** Stands for the state of a page when the editor's message cannot be read. */
interface Unreadable {
  status: 'failed';
  sentence: string;
}

/** What the editor sends; other scripts of a browser post messages into every frame. */
const envelope = z.object({ page: z.string() });

const unreadable: Unreadable = {
  status: 'failed',
  sentence: 'PairLab sent something that this page cannot read. Reload the window to bring both to the same version.',
};

/** What the panel shows, as the editor said last. */
let shown: Shown | undefined;

/** Asks the editor for something. The answer, if any, is a new state. */
export function ask(message: FromWebview): void {
  host.postMessage(message);
}

/**
 * Hands every state of this page to `show`, and tells the editor that the page listens. What the panel shows is kept for
 * the editor, which gets it back when it restores the panel after a reload.
 */
export function onState<P extends keyof PageStates>(page: P, show: (state: PageStates[P] | Unreadable) => void): void {
  window.addEventListener('message', (event: MessageEvent<unknown>) => {
    if (!envelope.safeParse(event.data).success) return;
    const message = toWebview.safeParse(event.data);
    if (!message.success || !isFor(page, message.data)) return show(unreadable);
    shown = message.data.shown;
    host.setState(shown);
    show(message.data.state);
  });
  ask({ ask: 'ready' });
}

/** Keeps how a person left the page, over a reload of the window too. */
export function keepView(view: AlignmentView): void {
  if (shown?.page === 'alignment') host.setState({ ...shown, view });
  ask({ ask: 'keepView', view });
}

function isFor<P extends keyof PageStates>(
  page: P,
  message: ToWebview,
): message is ToWebview & { state: PageStates[P] } {
  return message.page === page;
}
