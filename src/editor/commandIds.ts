/** Every command of the manifest. A test keeps the two lists the same. */
export const commandIds = {
  indexDataset: 'pairlab.dataset.index',
  checkDataset: 'pairlab.dataset.check',
  stopCheck: 'pairlab.dataset.stopCheck',
  showStatistics: 'pairlab.dataset.showStatistics',
  initDataset: 'pairlab.dataset.init',
  refresh: 'pairlab.dataset.refresh',
  showMore: 'pairlab.dataset.showMore',
  openPair: 'pairlab.pair.open',
  excludePair: 'pairlab.pair.exclude',
  includePair: 'pairlab.pair.include',
  markWeak: 'pairlab.pair.markWeak',
  markStrong: 'pairlab.pair.markStrong',
  correctClass: 'pairlab.pair.correctClass',
  correctText: 'pairlab.pair.correctText',
  addNote: 'pairlab.pair.addNote',
  undoDecision: 'pairlab.decision.undo',
  openProblem: 'pairlab.problem.open',
  applyFix: 'pairlab.problem.applyFix',
  showAlignment: 'pairlab.alignment.show',
  newExperiment: 'pairlab.experiment.new',
  runExperiment: 'pairlab.experiment.run',
  stopRun: 'pairlab.run.stop',
  showReport: 'pairlab.report.show',
  showBackends: 'pairlab.backend.show',
  setUpRuntime: 'pairlab.backend.setUp',
  showLog: 'pairlab.log.show',
} as const;

export type CommandName = keyof typeof commandIds;

export const viewIds = { datasets: 'pairlab.datasets', runs: 'pairlab.runs' } as const;

/** Set by us, read by `when` clauses of the manifest. */
export const contextKeys = {
  /** `none` without a dataset file, `unindexed` while no dataset has a snapshot, else `indexed`. */
  datasets: 'pairlab.datasetState',
  /** `none` once it is known that there is no run, `some` when there is one. */
  runs: 'pairlab.runState',
  /** `checking` while media are decoded in the background. */
  check: 'pairlab.checkState',
} as const;

export const settings = {
  section: 'pairlab',
  checkMediaInBackground: 'checkMediaInBackground',
  jobs: 'jobs',
  backend: 'backend',
  runtimeFolder: 'runtimeFolder',
  node: 'node',
} as const;

export const panelTypes = { pair: 'pairlab.pair', alignment: 'pairlab.alignment', runs: 'pairlab.report' } as const;

/** Files that offer actions and inline results. */
export const EXPERIMENT_FILES = '**/*.experiment.yaml';
