import * as l10n from '@vscode/l10n';
import { h, setText } from '../dom.ts';
import type { RunAction, RunProgress, RunView } from '../../src/protocol/panel.ts';
import type { StartedFrom } from '../../src/protocol/startedFrom.ts';
import { verdictLabels } from '../../src/protocol/verdictLabels.ts';
import { ModelPicture } from '../model/modelPicture.ts';
import { ModelTable } from '../model/modelTable.ts';
import { ActionBar } from './actionBar.ts';
import { type StartedFromActions, StartedFromLine } from './startedFromLine.ts';
import { formatBytes } from './format.ts';
import { describeProgress, fractionDone } from './describeProgress.ts';
import { describeSize, stateLabels } from './describeRun.ts';
import { say } from '../../src/phrases/phrase.ts';

/**
 * Two lines with the name and state of the run, the model, the backend and the progress. The second line expands to the
 * details: task, size of data and model, reason for the backend, and layers.
 */
export class Header {
  readonly element: HTMLElement;
  readonly #name = h('h1', { translate: 'no' });
  readonly #state = h('span', { class: 'state', role: 'status' });
  readonly #learning = h('span', { class: 'learning' });
  readonly #actions: ActionBar;
  readonly #startedFrom: StartedFromLine;
  readonly #about = h('p');
  readonly #summary = h('span', { translate: 'no' });
  readonly #device = h('span');
  readonly #size = h('p');
  readonly #reason = h('p');
  readonly #model = h('pre', { role: 'region', tabindex: '0', 'aria-label': l10n.t('The model') });
  readonly #picture: ModelPicture;
  readonly #layers = new ModelTable();
  readonly #progress = h('progress', { 'aria-label': l10n.t('Steps done') });
  readonly #progressLabel = h('p', { class: 'progress-label' });

  /** @param save saves the picture of the model */
  constructor(
    act: (action: RunAction) => Promise<void>,
    parent: StartedFromActions,
    save: (format: 'png' | 'svg', title: string, content: string) => void,
  ) {
    this.#picture = new ModelPicture(save);
    this.#actions = new ActionBar(act);
    this.#startedFrom = new StartedFromLine(parent);
    this.element = h(
      'header',
      { class: 'run' },
      h('div', { class: 'run-title' }, this.#name, this.#state, this.#learning, this.#actions.element),
      this.#startedFrom.element,
      h(
        'details',
        { class: 'details' },
        h('summary', {}, this.#summary, this.#device),
        this.#about,
        this.#size,
        this.#reason,
        this.#picture.element,
        this.#layers.element,
        this.#model,
      ),
      h('div', { class: 'progress' }, this.#progress, this.#progressLabel),
    );
  }

  show(run: RunView): void {
    setText(this.#name, run.title);
    setText(this.#state, stateLabels[run.state]);
    this.#state.dataset.state = run.state;
    setText(this.#about, run.about ?? '');
    setText(this.#size, describeSize(run));
    setText(this.#reason, say(run.backend?.reason ?? ''));
    this.#picture.show(run.network);
    this.#layers.show(run.network);
    setText(this.#model, run.model);
  }

  /** @param from null for a run without a parent */
  showStartedFrom(from: StartedFrom | null): void {
    this.#startedFrom.show(from);
  }

  showProgress(run: RunView, progress: RunProgress): void {
    this.#actions.show(run, progress.step);
    setText(this.#summary, run.summary);
    setText(this.#device, describeDevice(run, progress));
    this.#progress.max = 1;
    this.#progress.value = fractionDone(run, progress);
    setText(this.#progressLabel, describeProgress(run, progress));
    const found = progress.learning?.findings[0];
    setText(this.#learning, found ? say(verdictLabels[found.verdict]) : '');
    this.#learning.title = say(found?.sentence ?? '');
    this.#learning.dataset.verdict = found?.verdict ?? '';
    this.#learning.hidden = !found;
  }
}

/**
 * Device and backend, and the memory of a GPU that is in use, after a separator. Empty while the backend is not known.
 */
function describeDevice({ backend }: RunView, { deviceBytes }: RunProgress): string {
  if (!backend) return '';
  const memory = deviceBytes === null ? [] : [l10n.t('{0} of its memory', formatBytes(deviceBytes))];
  return ` \u00b7 ${[say(backend.device), ...memory, l10n.t('{0} backend', backend.name)].join(', ')}`;
}
