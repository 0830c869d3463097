import * as l10n from '@vscode/l10n';
import { describeField } from '../../src/config/shortFields.ts';
import type { StartedFrom } from '../../src/protocol/startedFrom.ts';
import { button, h, setText } from '../dom.ts';

/** Introductions of the line, by the reason why the run was started. */
const reasons: Readonly<Record<StartedFrom['reason'], string>> = {
  advice: l10n.t('Suggested change of'),
  again: l10n.t('Trained again from'),
  comparison: l10n.t('Started for a comparison with'),
  longer: l10n.t('Trained longer than'),
  weights: l10n.t('Begins with the weights of'),
  repeat: l10n.t('Repeats'),
  sweep: l10n.t('Trial of a sweep of'),
};

/** The same for a run that was deleted, which has no name to follow. */
const deletedReasons: typeof reasons = {
  advice: l10n.t('Suggested change of a run that was deleted'),
  again: l10n.t('Trained again from a run that was deleted'),
  comparison: l10n.t('Started for a comparison with a run that was deleted'),
  longer: l10n.t('Trained longer than a run that was deleted'),
  weights: l10n.t('Begins with the weights of a run that was deleted'),
  repeat: l10n.t('Repeats a run that was deleted'),
  sweep: l10n.t('Trial of a sweep of a run that was deleted'),
};

/** Handlers of the line's buttons. */
export interface StartedFromActions {
  openParent(): void;
  compare(): void;
}

/** Line of the header that says which run the shown run was started from, and what was changed. */
export class StartedFromLine {
  readonly element: HTMLElement;
  readonly #reason = h('span');
  readonly #link: HTMLButtonElement;
  readonly #changes = h('span');
  readonly #compare: HTMLButtonElement;

  constructor({ openParent, compare }: StartedFromActions) {
    this.#link = button('', { class: 'link', title: l10n.t('Open the run') }, openParent);
    this.#compare = button(
      l10n.t('Compare both'),
      { class: 'link', title: l10n.t('Show the curves of both runs') },
      compare,
    );
    this.element = h(
      'p',
      { class: 'started-from', hidden: true },
      this.#reason,
      this.#link,
      this.#changes,
      this.#compare,
    );
  }

  /** @param from null for a run without a parent */
  show(from: StartedFrom | null): void {
    this.element.hidden = from === null;
    if (from === null) return;
    const { reason, run, changes } = from;
    setText(this.#reason, run ? reasons[reason] : deletedReasons[reason]);
    setText(this.#link, run?.title ?? '');
    this.#link.hidden = run === null;
    this.#compare.hidden = run === null;
    setText(this.#changes, describeChanges(changes));
  }
}

/** Lists the changed fields, such as "with lr 0.002, clip off". */
function describeChanges(changes: StartedFrom['changes']): string {
  const fields = Object.entries(changes).map(([path, value]) => describeField(path, value));
  return fields.length === 0 ? l10n.t('without changes') : l10n.t('with {0}', fields.join(', '));
}
