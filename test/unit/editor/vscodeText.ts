/** The part of `vscode` that texts need: English, with `{0}` filled in. */
export const vscodeText = {
  l10n: {
    t: (message: string, ...values: (string | number)[]): string =>
      message.replace(/\{(\d+)\}/g, (_, index: string) => String(values[Number(index)])),
  },
};
