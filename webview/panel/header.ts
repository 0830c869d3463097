import { h, setText } from '../dom.ts';
import type { RunAction, RunView } from '../../src/protocol/panel.ts';
import { ActionBar } from './actionBar.ts';
import { formatBytes } from './format.ts';
import { progressWords, shareDone, sizeWords, stateWords } from './runWords.ts';

/** Which run this is, what it is doing, where it computes, how far it is, and what can be done about it. */
export class Header {
  readonly element: HTMLElement;
  readonly #name = h('h1');
  readonly #state = h('span', { class: 'state', role: 'status' });
  readonly #actions: ActionBar;
  readonly #summary = h('p', { class: 'summary' });
  readonly #size = h('p', { class: 'summary' });
  readonly #about = h('p', { class: 'summary' });
  readonly #device = h('summary');
  readonly #reason = h('p');
  readonly #backend = h('details', { class: 'backend' }, this.#device, this.#reason);
  readonly #model = h('pre', { role: 'region', tabindex: '0', 'aria-label': 'The model' });
  readonly #progress = h('progress', { 'aria-label': 'Steps done' });
  readonly #words = h('p', { class: 'progress-words' });

  constructor(act: (action: RunAction) => Promise<void>) {
    this.#actions = new ActionBar(act);
    this.element = h(
      'header',
      { class: 'run' },
      h('div', { class: 'run-title' }, this.#name, this.#state, this.#actions.element),
      this.#about,
      this.#summary,
      this.#size,
      this.#backend,
      h('details', { class: 'model' }, h('summary', {}, 'The model, layer by layer'), this.#model),
      h('div', { class: 'progress' }, this.#progress, this.#words),
    );
  }

  show(run: RunView): void {
    setText(this.#name, run.name);
    setText(this.#state, stateWords[run.state]);
    this.#state.dataset.state = run.state;
    this.#actions.show(run);
    setText(this.#about, run.about ?? '');
    this.#about.hidden = run.about === null;
    setText(this.#summary, run.summary);
    setText(this.#size, sizeWords(run));
    setText(this.#model, run.model);
    this.#showBackend(run);
    this.#progress.max = 1;
    this.#progress.value = shareDone(run);
    setText(this.#words, progressWords(run));
  }

  #showBackend({ backend, deviceBytes }: RunView): void {
    this.#backend.hidden = backend === null;
    if (!backend) return;
    setText(
      this.#device,
      [
        backend.device,
        ...(deviceBytes === null ? [] : [`${formatBytes(deviceBytes)} of its memory`]),
        `${backend.name} backend`,
      ].join(', '),
    );
    setText(this.#reason, backend.reason);
    this.#backend.title = backend.reason;
  }
}
