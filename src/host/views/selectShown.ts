import type { Disposable } from '../disposables.ts';
import type { RunModel } from '../runs/runModel.ts';

/** The panels, with the run of the front one. */
interface Front {
  readonly frontRun: RunModel | undefined;
  readonly onDidChangeFront: (listener: () => void) => Disposable;
}

/** The parts of a tree view that are used. */
interface RunList {
  readonly visible: boolean;
  readonly selection: readonly unknown[];
  reveal(run: RunModel, options: { readonly select: boolean; readonly focus: boolean }): PromiseLike<void>;
  onDidChangeVisibility(listener: () => void): Disposable;
}

/** Selects the run of the front panel in the view "Runs", without taking the focus. A hidden view stays hidden. */
export function selectShownRun(view: RunList, panels: Front, onError: (error: unknown) => void): Disposable {
  const follow = () => {
    const { frontRun } = panels;
    if (!view.visible || !frontRun || view.selection.includes(frontRun)) return;
    Promise.resolve(view.reveal(frontRun, { select: true, focus: false })).catch(onError);
  };
  const subscriptions = [panels.onDidChangeFront(follow), view.onDidChangeVisibility(follow)];
  return {
    dispose: () => {
      for (const each of subscriptions) each.dispose();
    },
  };
}
