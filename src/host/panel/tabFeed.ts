import type { RunModel } from '../runs/runModel.ts';

/** Keeps one tab of a panel up to date. Called only while that tab is visible. */
export interface TabFeed {
  /** The page has discarded the content of this tab: another run is shown, or the run has returned to a checkpoint. */
  restart(run: RunModel | undefined): void;
  /** Sends the missing content; called at most ten times a second. */
  send(run: RunModel): void;
  /** The tab is hidden: sends nothing until `send` is called again. */
  pause(): void;
}
