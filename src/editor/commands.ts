import * as vscode from 'vscode';
import { type CommandName, commandIds } from './commandIds.ts';
import { showFailure } from './failure.ts';

/**
 * Arguments are unknown: anyone may call a command. Each handler checks its own and asks when there is none. A menu of a
 * tree passes the row that it was opened on and, when it is among several selected ones, all of them.
 */
export type CommandHandlers = {
  readonly [N in CommandName]: (argument: unknown, selected?: unknown) => Promise<void> | void;
};

/** Registers every command; whatever one throws becomes a message. */
export function registerCommands(handlers: CommandHandlers, log: vscode.LogOutputChannel): vscode.Disposable {
  const names = Object.keys(commandIds) as CommandName[];
  const registered = names.map((name) =>
    vscode.commands.registerCommand(commandIds[name], async (argument: unknown, selected: unknown) => {
      try {
        await handlers[name](argument, selected);
      } catch (error) {
        // Not awaited: the message stays until the user answers it, and the command has ended.
        void showFailure(error, log);
      }
    }),
  );
  return vscode.Disposable.from(...registered);
}
