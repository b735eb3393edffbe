import * as vscode from 'vscode';
import type { ItemDetail, PairDetail } from '../../protocol.ts';
import { type Ask, PagePanel } from './pagePanel.ts';

/** One pair of a dataset: its picture, sound or text, side by side. */
export class PairPanel extends PagePanel<'pair'> {
  #detail: PairDetail | undefined;

  protected override load(): void {
    const { dataset, pair } = this.shown;
    const { client, datasets } = this.workspace;
    void this.show(vscode.l10n.t('reading the pair'), async (options) => {
      const [summary, detail] = await Promise.all([
        datasets.list().then((list) => list.find(({ path }) => path === dataset)),
        client.request('dataset/pair', { dataset, pair }, options),
      ]);
      this.#detail = detail;
      this.setTitle(detail.pair.key);
      const items = detail.items.map((item) => this.#withAddress(item));
      return { status: 'ready', dataset: summary?.name ?? dataset, detail: { ...detail, items } };
    });
  }

  protected override async answer(ask: Ask): Promise<void> {
    if (ask.ask === 'showPair') {
      this.shown = { ...this.shown, pair: ask.pair };
      this.load();
    } else if (ask.ask === 'openItem') {
      const item = this.#detail?.items.find(({ id }) => id === ask.item);
      if (item !== undefined) await vscode.commands.executeCommand('vscode.open', vscode.Uri.file(item.path));
    }
  }

  #withAddress(item: ItemDetail): ItemDetail {
    if (item.error !== undefined || item.uri !== undefined || item.modality === 'text') return item;
    return { ...item, uri: this.addressOf(item.path) };
  }
}
