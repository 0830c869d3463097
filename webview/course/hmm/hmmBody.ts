import * as l10n from '@vscode/l10n';
import * as z from 'zod';
import {
  type HmmInference,
  hmmModel,
  type HmmModel,
  MAX_OBSERVATIONS,
  weather,
} from '../../../src/protocol/lessons/hmm.ts';
import type { ReportBlock } from '../../../src/protocol/report.ts';
import { formatNumber } from '../../charts/number.ts';
import { button, h, setText } from '../../dom.ts';
import { helpOn } from '../../help.ts';
import { formula } from '../../math/formula.ts';
import { GraphView } from '../../panel/results/graphView.ts';
import type { LessonBody, LessonContext } from '../lessonBody.ts';
import { Computed } from '../parts/computed.ts';
import { NumberGrid } from '../parts/numberGrid.ts';
import { Estimation, storedEstimation } from './estimation.ts';
import { ModelTables } from './modelTables.ts';
import { namesOf } from './namesField.ts';
import { nodeSymbol, QUANTITIES, quantities, type Quantity, type TrellisData } from './quantities.ts';
import { Trellis } from './trellis.ts';

type GraphBlock = Extract<ReportBlock, { kind: 'graph' }>;

const storedInput = z.object({
  model: hmmModel,
  /** Names of the observed symbols. */
  observations: z.array(z.string()).min(1).max(MAX_OBSERVATIONS),
  quantity: z.enum(QUANTITIES).catch('forward'),
  estimation: storedEstimation,
});

type Input = z.output<typeof storedInput>;

const FORMULAS = {
  forward: 'hmmForward',
  backward: 'hmmBackward',
  posterior: 'hmmPosterior',
  viterbi: 'hmmViterbi',
} as const;

/** Lesson on hidden Markov models: editable tables, and the algorithms worked out in a trellis. */
export class HmmBody implements LessonBody {
  readonly controls: HTMLElement;
  readonly figures: HTMLElement;
  readonly change: HTMLElement;
  readonly #context: LessonContext;
  readonly #computed: Computed<Input, HmmInference>;
  readonly #tables: ModelTables;
  readonly #observations = h('input', { type: 'text', id: 'hmm-observations', size: 40, spellcheck: 'false' });
  readonly #choice: HTMLElement;
  readonly #about = h('p', { class: 'about' });
  readonly #formula = h('p');
  readonly #trellis = new Trellis((t, state) => this.#explain(t, state));
  readonly #explanation = h('p', { class: 'derivation', role: 'status' });
  readonly #grid = new NumberGrid(l10n.t('All values'));
  readonly #help = h('span');
  readonly #graph = new GraphView(l10n.t('Model as a graph'));
  readonly #estimation: Estimation;
  #data: TrellisData | undefined;

  constructor(context: LessonContext) {
    this.#context = context;
    this.#computed = new Computed(
      context,
      storedInput.safeParse(context.stored).data ?? {
        model: weather(),
        observations: weather().symbols,
        quantity: 'forward' as const,
        estimation: storedEstimation.parse({}),
      },
      ({ model, observations }) =>
        context.host.inferHmm({ model, observations: observations.map((name) => indexOf(model, name)) }),
      (result, input) => this.#draw(result, input),
    );
    const { input } = this.#computed;
    this.#tables = new ModelTables(input.model, (model) => this.#setModel(model), context.problem);
    this.#estimation = new Estimation(context, input.estimation, (estimation) => this.#computed.keep({ estimation }));
    this.#estimation.setModel(input.model);
    this.#observations.value = input.observations.join(', ');
    this.#observations.addEventListener('change', () =>
      this.#computed.change({ observations: namesOf(this.#observations.value) }),
    );
    this.#choice = h(
      'div',
      { class: 'switch', role: 'group', 'aria-label': l10n.t('Quantity in the trellis') },
      ...QUANTITIES.map((name) =>
        button(quantities[name].title(), { class: 'choice', 'data-quantity': name }, () => this.#choose(name)),
      ),
    );
    this.controls = h(
      'div',
      { class: 'figures' },
      this.#tables.names,
      this.#tables.tables,
      h(
        'span',
        { class: 'field' },
        h('label', { for: 'hmm-observations' }, l10n.t('Observations')),
        this.#observations,
      ),
    );
    this.figures = h(
      'div',
      { class: 'results' },
      h(
        'section',
        { class: 'block', 'aria-label': l10n.t('Trellis of states and days') },
        h('div', { class: 'title' }, this.#choice, this.#help),
        this.#about,
        this.#formula,
        this.#trellis.element,
        this.#explanation,
      ),
      this.#grid.element,
      this.#graph.element,
      this.#estimation.element,
    );
    this.change = h(
      'div',
      { class: 'buttons' },
      button(l10n.t('States that stay'), { 'data-do': 'stay' }, () => this.#set(staying(this.#computed.input.model))),
      button(l10n.t('Weather example'), { 'data-do': 'weather' }, () => {
        this.#observations.value = weather().symbols.join(', ');
        this.#computed.keep({ observations: weather().symbols });
        this.#set(weather());
      }),
    );
    this.#showQuantity();
  }

  appear(): void {
    this.#computed.appear();
    this.#estimation.appear();
  }

  #set(model: HmmModel): void {
    this.#tables.show(model);
    this.#setModel(model);
  }

  #setModel(model: HmmModel): void {
    this.#computed.change({ model });
    this.#estimation.setModel(model);
  }

  #choose(quantity: Quantity): void {
    this.#computed.keep({ quantity });
    this.#showQuantity();
    this.#drawQuantity();
  }

  #showQuantity(): void {
    const { quantity } = this.#computed.input;
    for (const each of this.#choice.querySelectorAll('button'))
      each.setAttribute('aria-pressed', String(each.dataset.quantity === quantity));
    setText(this.#about, quantities[quantity].about());
    this.#help.replaceChildren(...helpOn(quantity));
    this.#formula.replaceChildren(formula(FORMULAS[quantity], true));
  }

  #draw(result: HmmInference, { model, observations }: Input): void {
    this.#data = { model, observations: observations.map((name) => indexOf(model, name)), result };
    this.#drawQuantity();
    this.#graph.show(graphOf(model));
    this.#context.see(describe(model, observations, result));
  }

  #drawQuantity(): void {
    if (!this.#data) return;
    const { model, observations, result } = this.#data;
    const { quantity } = this.#computed.input;
    const names = observations.map((symbol) => model.symbols[symbol] ?? '');
    const values = quantities[quantity].values(result);
    this.#trellis.show({
      states: model.states,
      observations: names,
      values,
      transition: model.transition,
      path: result.path,
    });
    this.#grid.show({
      corner: quantities[quantity].title(),
      rows: model.states,
      columns: names.map((name, t) => `${t + 1} ${name}`),
      values: model.states.flatMap((_, state) => names.map((__, t) => values[t * model.states.length + state] ?? 0)),
      note: l10n.t('The marked path in the trellis is the most likely sequence of states.'),
    });
  }

  #explain(t: number, state: number): void {
    if (!this.#data) return;
    const { quantity } = this.#computed.input;
    const { formula: symbols, numbers, value } = quantities[quantity].derive(this.#data, t, state);
    const name = nodeSymbol(quantities[quantity].letter, t, this.#data.model.states[state] ?? '');
    this.#explanation.replaceChildren(
      h('span', {}, `${name} = ${symbols}`),
      h('span', {}, `= ${numbers}`),
      h('strong', {}, `= ${formatNumber(value)}`),
    );
  }
}

/** The model as a diagram: from the start to the states, between them, and to the observations. */
function graphOf({ states, symbols, initial, transition, emission }: HmmModel): GraphBlock {
  const ofState = (state: number) => state + 1;
  const ofSymbol = (symbol: number) => states.length + 1 + symbol;
  const node = (note: string) => (name: string) => ({ name, note });
  return {
    kind: 'graph',
    title: l10n.t('Model as a graph'),
    nodes: [
      { name: l10n.t('start'), note: '' },
      ...states.map(node(l10n.t('hidden state'))),
      ...symbols.map(node(l10n.t('observation'))),
    ],
    edges: [
      ...initial.map((weight, to) => ({ from: 0, to: ofState(to), weight })),
      ...transition.map((weight, at) => ({
        from: ofState(Math.floor(at / states.length)),
        to: ofState(at % states.length),
        weight,
      })),
      ...emission.map((weight, at) => ({
        from: ofState(Math.floor(at / symbols.length)),
        to: ofSymbol(at % symbols.length),
        weight,
      })),
    ],
    note: l10n.t('Arrows from a state lead to the next state and to what is observed; wider ones are more probable.'),
  };
}

/** @throws Error that names an observation that the model does not have */
function indexOf({ symbols }: HmmModel, name: string): number {
  const index = symbols.indexOf(name);
  if (index < 0)
    throw new Error(l10n.t('"{0}" is not one of the possible observations: {1}.', name, symbols.join(', ')));
  return index;
}

/** A model whose states are left rarely: 0.95 on the diagonal of the transitions. */
function staying(model: HmmModel): HmmModel {
  const { length } = model.states;
  const other = length > 1 ? 0.05 / (length - 1) : 0;
  const transition = model.states.flatMap((_, i) =>
    model.states.map((__, j) => (i !== j ? other : length > 1 ? 0.95 : 1)),
  );
  return { ...model, transition };
}

function describe({ states }: HmmModel, observations: readonly string[], result: HmmInference): string[] {
  const { alpha, posterior, path, pathProbability, likelihood } = result;
  const width = states.length;
  const last = alpha.slice(-width);
  const name = (state: number | undefined) => states[state ?? 0] ?? '';
  const single = observations.map((_, t) => {
    const row = posterior.slice(t * width, (t + 1) * width);
    return row.indexOf(Math.max(...row));
  });
  const pathNames = path.map(name).join(', ');
  return [
    l10n.t(
      'The probability of the observations {0} is {1}: the sum of the last column of α, {2}.',
      observations.join(', '),
      formatNumber(likelihood),
      last.map(formatNumber).join(' + '),
    ),
    l10n.t(
      'The most likely states are {0}. This path has the probability {1}, which is {2} of the sum over all {3} paths.',
      pathNames,
      formatNumber(pathProbability),
      formatNumber(pathProbability / likelihood),
      formatNumber(width ** path.length),
    ),
    single.join() === path.join()
      ? l10n.t('Choosing the most likely state of each day alone gives the same states.')
      : l10n.t(
          'Choosing the most likely state of each day alone gives other states: {0}.',
          single.map(name).join(', '),
        ),
  ];
}
