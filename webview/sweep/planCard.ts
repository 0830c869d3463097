import * as l10n from '@vscode/l10n';
import type { SweepCheck, SweepFormRequest } from '../../src/protocol/sweepForm.ts';
import { h, setText } from '../dom.ts';
import { FieldList } from '../form/fieldList.ts';
import { OptionRow } from './optionRow.ts';
import { type OptionInputs, OPTIONS, type SweepOption, valueOf } from './options.ts';

const groupTitles: Readonly<Record<SweepOption['group'], () => string>> = {
  search: () => l10n.t('Search'),
  budget: () => l10n.t('Budget'),
  place: () => l10n.t('Training'),
  jobs: () => l10n.t('Jobs'),
};

/** What the card shows besides the input. */
export interface PlanState {
  /** The last check; undefined before the first one. */
  readonly check: SweepCheck | undefined;
  readonly hasFields: boolean;
  readonly problems: ReadonlyMap<string, string>;
}

/** The options of a sweep, the number of its trials and what they cost. */
export class PlanCard {
  readonly element: HTMLElement;
  readonly #request: SweepFormRequest;
  readonly #total = h('p', { class: 'total' });
  readonly #cost = h('ul', { class: 'about cost' });
  readonly #rows: ReadonlyMap<string, OptionRow>;
  readonly #lists = Object.entries(groupTitles).map(([id, title]) => new FieldList({ id, title, paths: [] }));

  constructor(request: SweepFormRequest, change: (key: string, value: string) => void) {
    this.#request = request;
    this.#rows = new Map(
      OPTIONS.map((option) => [option.key, new OptionRow(option, request, (value) => change(option.key, value))]),
    );
    this.element = h(
      'aside',
      { class: 'model', 'aria-label': l10n.t('Trials') },
      h('h2', {}, l10n.t('Trials')),
      this.#total,
      this.#cost,
      ...this.#lists.map(({ element }) => element),
    );
  }

  show(options: readonly SweepOption[], inputs: OptionInputs, state: PlanState): void {
    for (const option of options)
      this.#rows.get(option.key)?.show(valueOf(option, inputs, this.#request), state.problems.get(option.key) ?? '');
    for (const list of this.#lists)
      list.show(options.filter(({ group }) => group === list.group.id).flatMap(({ key }) => this.#rows.get(key) ?? []));
    setText(this.#total, describeTrials(state));
    const cost = state.hasFields ? (state.check?.cost ?? []) : [];
    if (cost.join('\n') !== [...this.#cost.children].map(({ textContent }) => textContent).join('\n'))
      this.#cost.replaceChildren(...cost.map((sentence) => h('li', {}, sentence)));
    this.#cost.hidden = cost.length === 0;
  }

  /** Moves the focus to an option. */
  focus(key: string): void {
    this.#rows.get(key)?.focus();
  }
}

/** Number of trials of the last check. */
export function describeTrials({ check, hasFields }: Pick<PlanState, 'check' | 'hasFields'>): string {
  if (!hasFields) return l10n.t('Select a field to try.');
  if (!check) return l10n.t('The trials are being counted.');
  const { trials, settings } = check;
  if (trials === null || settings === null) return l10n.t('The trials cannot be counted.');
  if (trials === 1) return l10n.t('1 trial');
  return trials === settings ? l10n.t('{0} trials', trials) : l10n.t('{0} trials of {1} settings', trials, settings);
}
