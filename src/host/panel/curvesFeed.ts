import type { ProgressChange } from '../../protocol/panel.ts';
import type { RunModel } from '../runs/runModel.ts';
import { DecimatedView } from '../series/decimatedView.ts';

/** Tracks which decimated curves a panel has, and computes what it lacks. */
export class CurvesFeed {
  #views: [keyof ProgressChange['curves'], DecimatedView][] = [];

  /** The panel has forgotten all curves. */
  restart(run: RunModel | undefined): void {
    this.#views = (run?.curves.named() ?? []).map(([name, series]) => [name, new DecimatedView(series)]);
  }

  /** Changes since the last call. */
  take(): ProgressChange['curves'] {
    const changes: ProgressChange['curves'] = {};
    for (const [name, view] of this.#views) {
      const change = view.take();
      if (change) changes[name] = change;
    }
    return changes;
  }
}
