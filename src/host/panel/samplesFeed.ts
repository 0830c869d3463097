import type { RemotePanel } from '../../protocol/panel.ts';
import type { RunModel } from '../runs/runModel.ts';
import type { TabFeed } from './tabFeed.ts';

/** Feeds all tabs that show samples: each sample is sent once, whichever of them is visible. */
export class SamplesFeed implements TabFeed {
  readonly #panel: Pick<RemotePanel, 'samples'>;
  readonly #post: (sent: Promise<void>) => void;
  #sent = 0;

  constructor(panel: Pick<RemotePanel, 'samples'>, post: (sent: Promise<void>) => void) {
    this.#panel = panel;
    this.#post = post;
  }

  restart(): void {
    this.#sent = 0;
  }

  send(run: RunModel): void {
    const samples = run.samples.slice(this.#sent);
    this.#sent = run.samples.length;
    if (samples.length > 0) this.#post(this.#panel.samples(samples));
  }

  pause(): void {
    // Nothing to stop: missed samples are sent when a tab is visible again.
  }
}
