import type { RunModel } from '../runs/runModel.ts';

/** Keeps one tab of a panel up to date. It is asked to only while that tab is on screen. */
export interface TabFeed {
  /** The page has nothing of this tab yet: the run is another, or has lost a part of its past. */
  restart(run: RunModel | undefined): void;
  /** Sends what the page lacks; at most ten times a second. */
  send(run: RunModel): void;
  /** The tab has left the screen: nothing is sent until it is asked for again. */
  pause(): void;
}
