import type { Disposable } from '../disposables.ts';

type Listen = (listener: () => void) => Disposable;

/** Sources of the current run. */
export interface Places<Run> {
  /** The panels, with the run of the front one. */
  readonly panels: { readonly frontRun: Run | undefined; readonly onDidChangeFront: Listen };
  /** The view "Runs", with the selected run. */
  readonly tree: { readonly selected: Run | undefined; readonly onDidSelect: Listen };
  /** All runs, newest first. */
  readonly runs: { readonly runs: readonly Run[]; readonly onDidChangeList: Listen };
}

/** Current run, for views that have no fixed run: that of the front panel, else the selected one, else the newest. */
export function runInView<Run>({ panels, tree, runs }: Places<Run>): Run | undefined {
  // The selected run may have been deleted.
  const selected = runs.runs.find((run) => run === tree.selected);
  return panels.frontRun ?? selected ?? runs.runs[0];
}

/** Registers a listener that is called whenever the current run may have changed. */
export function onRunInView<Run>({ panels, tree, runs }: Places<Run>, changed: () => void): Disposable {
  const subscriptions = [panels.onDidChangeFront(changed), tree.onDidSelect(changed), runs.onDidChangeList(changed)];
  return {
    dispose: () => {
      for (const each of subscriptions) each.dispose();
    },
  };
}
