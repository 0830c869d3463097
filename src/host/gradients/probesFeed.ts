import type { ProbesChange, ProbeSummary } from '../../protocol/probeHistory.ts';
import type { TabFeed } from '../panel/tabFeed.ts';
import type { RunModel } from '../runs/runModel.ts';

/** Sends the summaries of a run's probes to a page, each once. */
export class ProbesFeed implements TabFeed {
  readonly #post: (change: ProbesChange) => void;
  #sent: readonly ProbeSummary[] = [];

  constructor(post: (change: ProbesChange) => void) {
    this.#post = post;
  }

  restart(): void {
    this.#sent = [];
  }

  /** Sends what has changed. A summary is the same object as long as its probe is kept. */
  send({ probes: { summaries } }: Pick<RunModel, 'probes'>): void {
    const changed = this.#sent.findIndex((summary, i) => summary !== summaries[i]);
    const keep = changed < 0 ? this.#sent.length : changed;
    if (keep === this.#sent.length && keep === summaries.length) return;
    this.#sent = summaries;
    this.#post({ keep, added: summaries.slice(keep) });
  }

  pause(): void {
    // Nothing to stop: missed changes are sent when the page is visible again.
  }
}
