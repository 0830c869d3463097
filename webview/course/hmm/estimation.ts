import * as l10n from '@vscode/l10n';
import * as z from 'zod';
import {
  type HmmEstimation,
  type HmmEstimationRequest,
  type HmmModel,
  type HmmTables,
  MAX_DAYS,
} from '../../../src/protocol/lessons/hmm.ts';
import { formatCount, formatNumber } from '../../charts/number.ts';
import { button, h, setText } from '../../dom.ts';
import { TableView } from '../../panel/results/tableView.ts';
import type { LessonContext } from '../lessonBody.ts';
import { LatestOnly } from '../../latestOnly.ts';
import { NumberField } from '../parts/numberField.ts';

/** Choices of the estimation, as they are stored. */
export const storedEstimation = z
  .object({
    kind: z.enum(['drawn', 'tagged']).catch('drawn'),
    days: z.int().positive().max(MAX_DAYS).catch(100),
    seed: z.int().nonnegative().catch(1),
    /** Sequences of the user, one per line, with the state after each observation: "walk/Sunny shop/Rainy". */
    tagged: z.string().catch(''),
  })
  .catch({ kind: 'drawn', days: 100, seed: 1, tagged: '' });

type Choices = z.output<typeof storedEstimation>;

interface Asked {
  readonly request: HmmEstimationRequest;
  readonly model: HmmModel;
}

/** Estimation of the model from data with known states: drawn from the model, or typed by the user. */
export class Estimation {
  readonly element: HTMLElement;
  readonly #store: (choices: Choices) => void;
  readonly #requests: LatestOnly<Asked>;
  readonly #error = h('p', { class: 'message bad', role: 'alert' });
  readonly #beginning = h('p', { class: 'about' });
  readonly #seen = h('div', { role: 'status' });
  readonly #table: TableView;
  readonly #tagged = h('textarea', { id: 'hmm-tagged', rows: 3, spellcheck: 'false' });
  readonly #taggedField: HTMLElement;
  readonly #drawnField: HTMLElement;
  readonly #kind = h(
    'select',
    { id: 'hmm-data' },
    h('option', { value: 'drawn' }, l10n.t('days drawn from the model')),
    h('option', { value: 'tagged' }, l10n.t('sequences that you type')),
  );
  readonly #days: NumberField;
  readonly #seed: NumberField;
  #choices: Choices;
  #model: HmmModel | undefined;

  constructor(context: LessonContext, choices: Choices, store: (choices: Choices) => void) {
    this.#choices = choices;
    this.#store = store;
    this.#table = new TableView(l10n.t('Counts and estimates'), context);
    this.#requests = new LatestOnly(
      async ({ request, model }) => {
        try {
          const result = await context.host.estimateHmm(request);
          this.#problem('');
          this.#draw(result, model, request.data.kind);
        } catch (error) {
          this.#problem(error instanceof Error ? error.message : String(error));
        }
      },
      (a, b) => JSON.stringify(a) === JSON.stringify(b),
    );
    const problem = (message: string) => this.#problem(message);
    this.#days = new NumberField({
      label: l10n.t('Days'),
      min: 1,
      max: MAX_DAYS,
      whole: true,
      change: (days) => this.#change({ days }),
      problem,
    });
    this.#seed = new NumberField({
      label: l10n.t('Seed'),
      min: 0,
      max: 1e9,
      whole: true,
      change: (seed) => this.#change({ seed }),
      problem,
    });
    this.#drawnField = h(
      'div',
      { class: 'buttons' },
      this.#days.element,
      this.#seed.element,
      button(l10n.t('Ten times as many days'), { 'data-do': 'more-days' }, () =>
        this.#change({ days: Math.min(MAX_DAYS, 10 * this.#choices.days) }),
      ),
    );
    this.#tagged.addEventListener('change', () => this.#change({ tagged: this.#tagged.value }));
    this.#taggedField = h(
      'div',
      { class: 'texts' },
      h('label', { for: 'hmm-tagged' }, l10n.t('One sequence per line, each observation with its state after a slash')),
      this.#tagged,
    );
    this.#kind.addEventListener('change', () =>
      this.#change({ kind: this.#kind.value === 'tagged' ? 'tagged' : 'drawn' }),
    );
    this.element = h(
      'section',
      { class: 'block', 'aria-label': l10n.t('Estimation') },
      h('h2', {}, l10n.t('Estimation from data')),
      h(
        'p',
        { class: 'about' },
        l10n.t(
          'If the states are known, the probabilities are relative frequencies: count, and divide by the sum of the row.',
        ),
      ),
      h('span', { class: 'field' }, h('label', { for: 'hmm-data' }, l10n.t('Data')), this.#kind),
      this.#drawnField,
      this.#taggedField,
      this.#error,
      this.#beginning,
      this.#table.element,
      this.#seen,
    );
    this.#showChoices();
  }

  appear(): void {
    this.#request();
  }

  /** The user has changed the model. */
  setModel(model: HmmModel): void {
    const isFirst = this.#model === undefined;
    this.#model = model;
    if (!isFirst) this.#request();
  }

  #change(changed: Partial<Choices>): void {
    this.#choices = { ...this.#choices, ...changed };
    this.#store(this.#choices);
    this.#showChoices();
    this.#request();
  }

  #showChoices(): void {
    const { kind, days, seed, tagged } = this.#choices;
    this.#kind.value = kind;
    this.#days.show(days);
    this.#seed.show(seed);
    if (document.activeElement !== this.#tagged) this.#tagged.value = tagged;
    this.#drawnField.hidden = kind !== 'drawn';
    this.#taggedField.hidden = kind !== 'tagged';
  }

  #request(): void {
    const model = this.#model;
    if (!model) return;
    const { kind, days, seed, tagged } = this.#choices;
    try {
      const data = kind === 'drawn' ? { kind, days, seed } : { kind, sequences: taggedSequences(tagged, model) };
      this.#requests.request({ request: { model, data }, model });
    } catch (error) {
      this.#problem(error instanceof Error ? error.message : String(error));
    }
  }

  #draw(result: HmmEstimation, model: HmmModel, kind: 'drawn' | 'tagged'): void {
    const { days, beginning } = result;
    const pairs = beginning.observations.map(
      (symbol, t) => `${model.symbols[symbol] ?? ''}/${model.states[beginning.states[t] ?? 0] ?? ''}`,
    );
    if (kind === 'drawn') {
      const rest = days > pairs.length ? ' ...' : '';
      setText(this.#beginning, l10n.t('The first days: {0}', `${pairs.join(' ')}${rest}`));
      if (this.#choices.tagged === '') this.#tagged.value = pairs.join(' ');
    } else {
      setText(this.#beginning, '');
    }
    const rows = estimateRows(model, result);
    this.#table.show({
      kind: 'table',
      title: l10n.t('Counts and estimates'),
      columns: [
        l10n.t('probability'),
        l10n.t('count'),
        l10n.t('of'),
        l10n.t('estimate'),
        l10n.t('model'),
        l10n.t('difference'),
      ],
      rows: rows.map(({ name, count, of, estimate, truth }) => [name, count, of, estimate, truth, estimate - truth]),
      note: l10n.t('Counts over {0} days. A row without counts gets equal probabilities.', formatCount(days)),
    });
    const [farthest] = rows
      .filter(({ of, isStart }) => of > 0 && !isStart)
      .sort((a, b) => Math.abs(b.estimate - b.truth) - Math.abs(a.estimate - a.truth));
    const unseen = rows.find(({ count, of, truth, isStart }) => count === 0 && of > 0 && truth > 0 && !isStart);
    this.#seen.replaceChildren(
      ...(farthest
        ? [
            h(
              'p',
              {},
              l10n.t(
                'Of the transitions and emissions, {0} differs most: {1} from {2} counts, and {3} in the model.',
                farthest.name,
                formatNumber(farthest.estimate),
                formatCount(farthest.of),
                formatNumber(farthest.truth),
              ),
            ),
          ]
        : []),
      ...(unseen
        ? [
            h(
              'p',
              {},
              l10n.t(
                '{0} never occurs in the data, so its estimate is 0: the estimated model calls impossible what the model gives {1}. Adding a small number to every count (smoothing) prevents this.',
                unseen.name,
                formatNumber(unseen.truth),
              ),
            ),
          ]
        : []),
    );
  }

  #problem(message: string): void {
    setText(this.#error, message);
  }
}

/**
 * Reads sequences such as "walk/Sunny shop/Rainy", one per line.
 * @throws Error that names the part that is not an observation and a state of the model
 */
function taggedSequences(text: string, { states, symbols }: HmmModel): { states: number[]; observations: number[] }[] {
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  if (lines.length === 0)
    throw new Error(l10n.t('Type a sequence, such as "{0}/{1}".', symbols[0] ?? '', states[0] ?? ''));
  return lines.map((line) => {
    const pairs = line
      .trim()
      .split(/[\s,]+/)
      .map((part) => {
        const slash = part.lastIndexOf('/');
        const [observation, state] = [symbols.indexOf(part.slice(0, slash)), states.indexOf(part.slice(slash + 1))];
        if (slash < 0 || observation < 0 || state < 0)
          throw new Error(
            l10n.t(
              '"{0}" is not an observation and a state of the model, such as "{1}/{2}".',
              part,
              symbols[0] ?? '',
              states[0] ?? '',
            ),
          );
        return { observation, state };
      });
    return { states: pairs.map(({ state }) => state), observations: pairs.map(({ observation }) => observation) };
  });
}

interface EstimateRow {
  readonly name: string;
  /** Whether it is a probability of the first day, which each sequence has once. */
  readonly isStart: boolean;
  readonly count: number;
  /** Sum of the counts in the row of the table. */
  readonly of: number;
  readonly estimate: number;
  readonly truth: number;
}

/** A row for each probability of the model. */
function estimateRows(model: HmmModel, { counts, estimate }: HmmEstimation): EstimateRow[] {
  const { states, symbols } = model;
  const rowsOf = (table: keyof HmmTables, columns: readonly string[], name: (row: number, column: string) => string) =>
    model[table].map((truth, at) => {
      const row = Math.floor(at / columns.length);
      const inRow = counts[table].slice(row * columns.length, (row + 1) * columns.length);
      return {
        name: name(row, columns[at % columns.length] ?? ''),
        isStart: table === 'initial',
        count: counts[table][at] ?? 0,
        of: inRow.reduce((sum, count) => sum + count, 0),
        estimate: estimate[table][at] ?? 0,
        truth,
      };
    });
  return [
    ...rowsOf('initial', states, (_, state) => `π(${state})`),
    ...rowsOf('transition', states, (row, state) => `P(${states[row] ?? ''} → ${state})`),
    ...rowsOf('emission', symbols, (row, symbol) => `P(${symbol} | ${states[row] ?? ''})`),
  ];
}
