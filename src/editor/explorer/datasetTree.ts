import * as vscode from 'vscode';
import { type DatasetSummary, type PairFilter, ProblemKind } from '../../protocol.ts';
import { contextKeys } from '../commandIds.ts';
import { Disposable } from '../disposable.ts';
import { Failure } from '../failure.ts';
import type { Workspaces } from '../workspaces.ts';
import { itemOf } from './rowItems.ts';
import {
  datasetChildren,
  groupRow,
  type MoreRow,
  nextLevel,
  PAGE,
  type ParentRow,
  type ProblemKindRow,
  type ProblemsRow,
  pairRow,
  type Row,
  withMore,
} from './rows.ts';

/** Dataset → split → class → pair, and the problems. Every level is asked for when it is opened, long ones by pages. */
export class DatasetTree extends Disposable implements vscode.TreeDataProvider<Row> {
  readonly #changed = this.register(new vscode.EventEmitter<Row | undefined>());
  readonly onDidChangeTreeData = this.#changed.event;
  readonly #workspaces: Workspaces;
  /** How many rows of a list are shown, by the id of the row above it. */
  readonly #shown = new Map<string, number>();
  #only = false;

  constructor(workspaces: Workspaces) {
    super();
    this.#workspaces = workspaces;
    this.register(workspaces.onDidChangeDatasets(() => this.#changed.fire(undefined)));
  }

  getTreeItem(row: Row): vscode.TreeItem {
    return itemOf(row, this.#only);
  }

  /** What could not be had is said in the tree, where it would have stood. */
  async getChildren(row?: Row): Promise<Row[]> {
    try {
      return row === undefined ? await this.#datasets() : await this.#children(row);
    } catch (error) {
      return [{ row: 'failure', id: `${row?.id ?? ''}|failure`, sentence: Failure.of(error).message }];
    }
  }

  showMore({ parent }: MoreRow): void {
    this.#shown.set(parent.id, this.#limit(parent) + PAGE);
    this.#changed.fire(parent);
  }

  async #children(row: Row): Promise<Row[]> {
    switch (row.row) {
      case 'dataset': {
        const fixed = datasetChildren(row);
        if (fixed.some((child) => child.row === 'modalities')) return fixed;
        return [...(await this.#below(row, {})), ...fixed];
      }
      case 'modalities':
      case 'group':
        return await this.#below(row, row.filter);
      case 'problems':
        return problemKinds(row);
      case 'problemKind':
        return await this.#problems(row);
      default:
        return [];
    }
  }

  /** Nothing while no dataset is indexed: then the view's welcome offers the next step. */
  async #datasets(): Promise<Row[]> {
    const lists = await Promise.all(this.#workspaces.all().map((workspace) => workspace.datasets.list()));
    const datasets = lists.flat();
    this.#only = datasets.length === 1;
    const state = stateOf(datasets);
    await vscode.commands.executeCommand('setContext', contextKeys.datasets, state);
    if (state !== 'indexed') return [];
    return datasets.map((summary) => ({ row: 'dataset', id: summary.path, dataset: summary.path, summary }));
  }

  async #below(parent: ParentRow, filter: PairFilter): Promise<Row[]> {
    const { dataset, summary } = parent;
    const { client } = this.#workspaces.of(dataset);
    const limit = this.#limit(parent);
    const level = nextLevel(summary, filter);
    if (level === 'pairs') {
      const { total, rows } = await client.request('dataset/pairs', { dataset, filter, offset: 0, limit });
      return withMore(
        parent,
        rows.map((detail) => pairRow(parent, detail)),
        total,
      );
    }
    const groups = await client.request('dataset/groups', { dataset, by: level, filter });
    const shown = groups.slice(0, limit).map((group) => groupRow(parent, filter, level, group));
    return withMore(parent, shown, groups.length);
  }

  async #problems(parent: ProblemKindRow): Promise<Row[]> {
    const { id, dataset, summary, kind } = parent;
    const { client } = this.#workspaces.of(dataset);
    const asked = { dataset, kind, offset: 0, limit: this.#limit(parent) };
    const { total, problems } = await client.request('dataset/problems', asked);
    const rows = problems.map(
      (problem, index): Row => ({ row: 'problem', id: `${id}|${index}`, dataset, summary, problem }),
    );
    return withMore(parent, rows, total);
  }

  #limit(parent: ParentRow): number {
    return this.#shown.get(parent.id) ?? PAGE;
  }
}

function problemKinds({ id, dataset, summary }: ProblemsRow): Row[] {
  const counts = summary.snapshot?.problems ?? {};
  return ProblemKind.options.flatMap((kind): Row[] => {
    const count = counts[kind] ?? 0;
    return count === 0 ? [] : [{ row: 'problemKind', id: `${id}|${kind}`, dataset, summary, kind, count }];
  });
}

function stateOf(datasets: readonly DatasetSummary[]): 'none' | 'unindexed' | 'indexed' {
  if (datasets.length === 0) return 'none';
  const shown = datasets.some(({ snapshot, error }) => snapshot !== undefined || error !== undefined);
  return shown ? 'indexed' : 'unindexed';
}
