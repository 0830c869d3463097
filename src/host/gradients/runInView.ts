import type { Disposable } from '../disposables.ts';

type Listen = (listener: () => void) => Disposable;

/** Where a run can be meant without being named. */
export interface Places<Run> {
  /** The run of the panel in front. */
  readonly panels: { readonly frontRun: Run | undefined; readonly onDidChangeFront: Listen };
  /** The run that is selected in the tree. */
  readonly tree: { readonly selected: Run | undefined; readonly onDidSelect: Listen };
  /** All runs, newest first. */
  readonly runs: { readonly runs: readonly Run[]; readonly onDidChangeList: Listen };
}

/**
 * The run that a view without one of its own is about: the one of the panel in front, else the one selected, else the
 * newest.
 */
export function runInView<Run>({ panels, tree, runs }: Places<Run>): Run | undefined {
  // What is selected may have been deleted meanwhile.
  const selected = runs.runs.find((run) => run === tree.selected);
  return panels.frontRun ?? selected ?? runs.runs[0];
}

/** Calls back whenever another run may be meant. */
export function onRunInView<Run>({ panels, tree, runs }: Places<Run>, changed: () => void): Disposable {
  const heard = [panels.onDidChangeFront(changed), tree.onDidSelect(changed), runs.onDidChangeList(changed)];
  return {
    dispose: () => {
      for (const each of heard) each.dispose();
    },
  };
}
