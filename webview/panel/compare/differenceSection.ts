import * as l10n from '@vscode/l10n';
import {
  type ChangedLines,
  type ComparedQuantity,
  firstDifferent,
  quantityLabel,
  type RunDifference,
} from '../../../src/protocol/difference.ts';
import type { ComparableRun } from '../../../src/protocol/comparison.ts';
import { CHARACTERS } from '../../../src/protocol/metrics.ts';
import { formatCount } from '../../charts/number.ts';
import { button, h, setText } from '../../dom.ts';
import type { TabContext } from '../tabs/tab.ts';
import { code, table } from './differenceTable.ts';

/** Characters of a hash that are shown. */
const SHOWN_HASH = 12;

type Pair = readonly [ComparableRun, ComparableRun];

/** Section "Difference" of two runs: configuration, data, trainers, and the first step whose numbers differ. */
export class DifferenceSection {
  readonly element: HTMLElement;
  readonly #page: TabContext;
  readonly #headline = h('p', { class: 'verdict', role: 'status' });
  readonly #tables = h('div', { class: 'ranking-tables' });
  readonly #again: HTMLButtonElement;
  #runs: Pair | undefined;
  /** Key of the state of the runs that is shown. */
  #shown = '';

  constructor(page: TabContext) {
    this.#page = page;
    this.#again = button(l10n.t('Compare again'), {}, () => this.#load());
    this.element = h(
      'section',
      { class: 'ranking difference', 'aria-labelledby': 'difference', hidden: true },
      h('h2', { id: 'difference' }, l10n.t('Difference')),
      this.#headline,
      this.#tables,
      this.#again,
    );
  }

  /** Shows the difference of exactly two runs, and nothing of others. A run is read again once its state changes. */
  show(runs: readonly ComparableRun[]): void {
    const [a, b, ...others] = runs;
    this.#runs = a && b && others.length === 0 ? [a, b] : undefined;
    this.element.hidden = this.#runs === undefined;
    if (!this.#runs) return;
    this.#again.hidden = this.#runs.every(({ state }) => state !== 'running');
    const key = JSON.stringify(this.#runs.map(({ id, state, label }) => [id, state, label]));
    if (key === this.#shown) return;
    this.#shown = key;
    this.#load();
  }

  #load(): void {
    const runs = this.#runs;
    if (!runs) return;
    const key = this.#shown;
    this.#page.host.runDifference([runs[0].id, runs[1].id]).then(
      (difference) => this.#shown === key && this.#fill(difference, runs),
      (error: unknown) => this.#shown === key && this.#fail(error),
    );
  }

  #fail(error: unknown): void {
    this.#tables.replaceChildren();
    setText(this.#headline, error instanceof Error ? error.message : String(error));
  }

  #fill(difference: RunDifference, runs: Pair): void {
    const heads = runs.map(({ label }) => label);
    const { config, data, trainers, quantities } = difference;
    setText(this.#headline, describeNumbers(difference));
    this.#tables.replaceChildren(
      ...(config.length === 0
        ? [h('p', {}, l10n.t('The configurations are equal.'))]
        : [
            table(
              l10n.t('Fields of the configuration that differ'),
              [l10n.t('Field'), ...heads],
              config.map(({ field, values }) => [code(field), ...values.map(shown)]),
            ),
          ]),
      ...this.#dataParts(data, heads),
      ...(trainers.length === 0
        ? [h('p', {}, l10n.t('Backend, versions, machine and commit are equal, as far as they were recorded.'))]
        : [
            table(
              l10n.t('Backend, versions, machine and commit'),
              [l10n.t('Fact'), l10n.t('From step'), ...heads],
              trainers.map(({ fact, from, values }) => [code(fact), formatCount(from + 1), ...values.map(shown)]),
            ),
          ]),
      ...(quantities.length === 0 ? [] : [numbersTable(quantities, heads)]),
    );
  }

  #dataParts({ equal, files }: RunDifference['data'], heads: readonly string[]): HTMLElement[] {
    if (equal === null) return [h('p', {}, l10n.t('Both runs generate their data.'))];
    if (equal) return [h('p', {}, l10n.t('The data is equal byte for byte.'))];
    return [
      table(
        l10n.t('Data that differs (SHA-256)'),
        [l10n.t('File'), ...heads, l10n.t('Lines')],
        files.map(({ role, sha256, lines }) => [
          code(role),
          ...sha256.map((each) => (each === null ? shown(each) : code(each.slice(0, SHOWN_HASH)))),
          describeLines(lines),
        ]),
      ),
      ...files
        .filter(({ lines }) => lines !== null)
        .map(({ role }) => {
          const label = role === 'train' ? l10n.t('Compare data') : l10n.t('Compare data: {0}', role);
          return button(label, { 'data-role': role }, () => this.#compareData(role));
        }),
    ];
  }

  #compareData(role: string): void {
    const runs = this.#runs;
    if (!runs) return;
    void this.#page.callHost(() => this.#page.host.compareData({ runs: [runs[0].id, runs[1].id], role }));
  }
}

function describeNumbers({ quantities, steps }: RunDifference): string {
  const ends =
    steps[0] === steps[1]
      ? []
      : [l10n.t('Their last steps are {0} and {1}.', formatCount(steps[0]), formatCount(steps[1]))];
  return [describeFirst(quantities), ...ends].join(' ');
}

function describeFirst(quantities: readonly ComparedQuantity[]): string {
  if (quantities.length === 0) return l10n.t('The two runs have no numbers at a step in common.');
  const earliest = firstDifferent(quantities);
  const most = Math.max(...quantities.map(({ compared }) => compared));
  if (!earliest?.first)
    return l10n.t('The numbers of all {0} steps in common are equal bit for bit.', formatCount(most));
  const { step, values, ulps } = earliest.first;
  const [a, b] = values.map(numberText);
  return ulps === null
    ? l10n.t(
        'The numbers differ from step {0} on, first in "{1}": {2} and {3}.',
        formatCount(step),
        quantityLabel(earliest, CHARACTERS),
        a ?? '',
        b ?? '',
      )
    : l10n.t(
        'The numbers differ from step {0} on, first in "{1}": {2} and {3}. Distance in units in the last place: {4}.',
        formatCount(step),
        quantityLabel(earliest, CHARACTERS),
        a ?? '',
        b ?? '',
        formatCount(ulps),
      );
}

function numbersTable(quantities: readonly ComparedQuantity[], heads: readonly string[]): HTMLElement {
  return table(
    l10n.t('First step at which the numbers differ'),
    [
      l10n.t('Quantity'),
      l10n.t('First step'),
      ...heads,
      l10n.t('Units in the last place'),
      l10n.t('Largest difference'),
      l10n.t('Steps that differ'),
    ],
    quantities.map((quantity) => {
      const { first, largest, compared, differing } = quantity;
      const [a = 0, b = 0] = largest?.values.map(Number) ?? [];
      return [
        quantityLabel(quantity, CHARACTERS),
        first ? formatCount(first.step) : l10n.t('equal'),
        ...(first ? first.values.map(numberText) : ['', '']),
        first?.ulps == null ? '' : formatCount(first.ulps),
        largest ? l10n.t('{0} at step {1}', Math.abs(b - a).toPrecision(3), formatCount(largest.step)) : '',
        l10n.t('{0} of {1}', formatCount(differing), formatCount(compared)),
      ];
    }),
  );
}

function describeLines(lines: ChangedLines | null): string {
  if (!lines) return l10n.t('A file is missing or has changed since.');
  const [added, removed] = [formatCount(lines.added), formatCount(lines.removed)];
  return lines.exact
    ? l10n.t('{0} added, {1} removed', added, removed)
    : l10n.t('at least {0} added, {1} removed', added, removed);
}

function numberText(value: number | null): string {
  return value === null ? l10n.t('not finite') : String(value);
}

function shown(value: number | string | boolean | null): string {
  return value === null ? l10n.t('none') : String(value);
}
