import type { ProbesChange, ProbeSummary } from '../../protocol/probeHistory.ts';
import type { TabFeed } from '../panel/tabFeed.ts';
import type { RunModel } from '../runs/runModel.ts';

/** Tells a page of the probes of a run: a line for each, once. */
export class ProbesFeed implements TabFeed {
  readonly #post: (change: ProbesChange) => void;
  #sent: readonly ProbeSummary[] = [];

  constructor(post: (change: ProbesChange) => void) {
    this.#post = post;
  }

  restart(): void {
    this.#sent = [];
  }

  /** The lines are the same objects for as long as their probes are kept. */
  send({ probes: { summaries } }: Pick<RunModel, 'probes'>): void {
    const changed = this.#sent.findIndex((line, i) => line !== summaries[i]);
    const keep = changed < 0 ? this.#sent.length : changed;
    if (keep === this.#sent.length && keep === summaries.length) return;
    this.#sent = summaries;
    this.#post({ keep, added: summaries.slice(keep) });
  }

  pause(): void {
    // What has changed meanwhile is sent when the page is back: nothing to stop.
  }
}
