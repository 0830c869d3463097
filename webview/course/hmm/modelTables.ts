import * as l10n from '@vscode/l10n';
import { type HmmModel, MAX_STATES, MAX_SYMBOLS } from '../../../src/protocol/lessons/hmm.ts';
import { formatNumber } from '../../charts/number.ts';
import { h } from '../../dom.ts';
import { NumberTable } from '../parts/numberTable.ts';
import { namesField } from './namesField.ts';
import { resized } from './resized.ts';

type TableName = 'initial' | 'transition' | 'emission';

/** Allowed deviation of the sum of a row from 1. */
const TOLERANCE = 1e-6;

/** The names and tables of a model, which the user can type over. */
export class ModelTables {
  readonly names: HTMLElement;
  readonly tables: HTMLElement;
  readonly #states: HTMLInputElement;
  readonly #symbols: HTMLInputElement;
  readonly #views: Readonly<Record<TableName, NumberTable>>;
  readonly #change: (model: HmmModel) => void;
  #model: HmmModel;

  /**
   * @param change receives each model whose rows are probabilities that sum to 1
   * @param problem receives the reason why names cannot be used
   */
  constructor(model: HmmModel, change: (model: HmmModel) => void, problem: (message: string) => void) {
    this.#model = model;
    this.#change = change;
    const view = (title: string, name: TableName) =>
      new NumberTable(title, l10n.t('state'), (row, column, value) => this.#type(name, row, column, value));
    this.#views = {
      initial: view(l10n.t('Start'), 'initial'),
      transition: view(l10n.t('Transition'), 'transition'),
      emission: view(l10n.t('Emission'), 'emission'),
    };
    const states = namesField(l10n.t('States'), MAX_STATES, (names) => this.#rename({ states: names }), problem);
    const symbols = namesField(
      l10n.t('Possible observations'),
      MAX_SYMBOLS,
      (names) => this.#rename({ symbols: names }),
      problem,
    );
    this.#states = states.input;
    this.#symbols = symbols.input;
    this.names = h('div', { class: 'buttons' }, states.element, symbols.element);
    this.tables = h('div', { class: 'hmm-tables' }, ...Object.values(this.#views).map(({ element }) => element));
    this.show(model);
  }

  show(model: HmmModel): void {
    this.#model = model;
    const { states, symbols, initial, transition, emission } = model;
    this.#states.value = states.join(', ');
    this.#symbols.value = symbols.join(', ');
    this.#views.initial.show({ rows: [l10n.t('first day')], columns: states, values: initial });
    this.#views.transition.show({ rows: states, columns: states, values: transition });
    this.#views.emission.show({ rows: states, columns: symbols, values: emission });
    for (const table of Object.values(this.#views)) table.problem('');
  }

  #rename(names: Partial<Pick<HmmModel, 'states' | 'symbols'>>): void {
    const model = resized(this.#model, names);
    this.show(model);
    this.#change(model);
  }

  #type(table: TableName, row: number, column: number, value: number): void {
    const width = table === 'emission' ? this.#model.symbols.length : this.#model.states.length;
    const values = [...this.#model[table]];
    values[row * width + column] = value;
    this.#model = { ...this.#model, [table]: values };
    for (const name of ['initial', 'transition', 'emission'] as const)
      this.#views[name].problem(rowProblem(this.#model, name) ?? '');
    const isValid = (['initial', 'transition', 'emission'] as const).every((name) => !rowProblem(this.#model, name));
    if (isValid) this.#change(this.#model);
  }
}

/** Describes the first row of a table that has no probabilities that sum to 1; undefined if there is none. */
function rowProblem(model: HmmModel, table: TableName): string | undefined {
  const width = table === 'emission' ? model.symbols.length : model.states.length;
  for (let at = 0; at < model[table].length; at += width) {
    const row = model[table].slice(at, at + width);
    const name = table === 'initial' ? l10n.t('first day') : (model.states[at / width] ?? '');
    const wrong = row.find((value) => value < 0 || value > 1);
    if (wrong !== undefined)
      return l10n.t('Row "{0}": {1} is not a probability. Enter a number from 0 to 1.', name, formatNumber(wrong));
    const sum = row.reduce((total, value) => total + value, 0);
    if (Math.abs(sum - 1) > TOLERANCE)
      return l10n.t('Row "{0}" sums to {1}. Change its numbers until they sum to 1.', name, formatNumber(sum));
  }
  return undefined;
}
