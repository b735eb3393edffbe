/**
 * Everything that crosses a process boundary: editor ↔ engine (JSON-RPC over stdio) and editor ↔ webview (postMessage).
 * One schema gives the type and the check. This is the only file that the editor, the engine and the webviews all import.
 */

export * from './protocol/alignment.ts';
export * from './protocol/backends.ts';
export * from './protocol/datasets.ts';
export * from './protocol/experiments.ts';
export * from './protocol/explanations.ts';
export * from './protocol/requests.ts';
export * from './protocol/webviews.ts';
export * from './protocol/words.ts';
