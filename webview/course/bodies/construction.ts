import * as l10n from '@vscode/l10n';
import {
  CONSTRUCTED_UNITS,
  CONSTRUCTION_LIMITS,
  constructionRequest,
  type ConstructionRequest,
  type ConstructionResult,
} from '../../../src/protocol/lessons/construction.ts';
import type { LessonRunView } from '../../../src/protocol/lessons/runs.ts';
import { formatCount } from '../../charts/number.ts';
import { button, h, setText } from '../../dom.ts';
import { verdictLines } from '../../probes/lastStepChart.ts';
import { flowCurves, flowSpec, singularCurves, singularSpec } from '../construction/charts.ts';
import { describeFactors, describeVerdict } from '../construction/describe.ts';
import type { LessonBody, LessonContext } from '../lessonBody.ts';
import { ChoiceField } from '../parts/choiceField.ts';
import { Computed } from '../parts/computed.ts';
import { describeEnd } from '../parts/describeRuns.ts';
import { lossSpec, runCurves } from '../parts/lessonRuns.ts';
import { RunsControls } from '../parts/runsControls.ts';
import { Slider } from '../parts/slider.ts';

const LESSON = 'construction';

const DEFAULT: ConstructionRequest = { gain: 0.8, activation: 'tanh', matrix: 'orthogonal', lag: 30, seed: 1 };

/** Settings to try, which differ from the shown ones in these fields. */
const presets = (): readonly { readonly label: string; readonly input: Partial<ConstructionRequest> }[] => [
  {
    label: l10n.t('Linear, gain 1.1, 50 steps'),
    input: { activation: 'linear', matrix: 'orthogonal', gain: 1.1, lag: 50 },
  },
  {
    label: l10n.t('Linear, gain 0.9, 50 steps'),
    input: { activation: 'linear', matrix: 'orthogonal', gain: 0.9, lag: 50 },
  },
  { label: l10n.t('Gaussian matrix, gain 0.8'), input: { activation: 'linear', matrix: 'gaussian', gain: 0.8 } },
];

/** Lesson on gradients that vanish or explode by the choice of gain, matrix and activation, without training. */
export class ConstructionBody implements LessonBody {
  readonly controls: HTMLElement;
  readonly figures: HTMLElement;
  readonly change: HTMLElement;
  readonly #context: LessonContext;
  readonly #computed: Computed<ConstructionRequest, ConstructionResult>;
  readonly #gain: Slider;
  readonly #lag: Slider;
  readonly #activation: ChoiceField<ConstructionRequest['activation']>;
  readonly #matrix: ChoiceField<ConstructionRequest['matrix']>;
  readonly #verdict = h('p', { class: 'flow-verdict', role: 'status' });
  readonly #flow;
  readonly #singular;
  readonly #loss;
  readonly #training: RunsControls;
  #runs: readonly LessonRunView[] = [];
  #shown: { readonly input: ConstructionRequest; readonly result: ConstructionResult } | undefined;

  constructor(context: LessonContext) {
    this.#context = context;
    this.#computed = new Computed(
      context,
      constructionRequest.safeParse(context.stored).data ?? DEFAULT,
      (input) => context.host.workConstruction(input),
      (result, input) => {
        this.#shown = { input, result };
        this.#draw();
      },
    );
    const set = (changed: Partial<ConstructionRequest>) => this.#computed.change(changed);
    const { gain, lag } = CONSTRUCTION_LIMITS;
    this.#gain = new Slider({
      id: 'construction-gain',
      label: l10n.t('Recurrent gain'),
      ...gain,
      step: 0.01,
      format: (value) => value.toFixed(2),
      change: (value) => set({ gain: value }),
    });
    this.#lag = new Slider({
      id: 'construction-lag',
      label: l10n.t('Time steps'),
      ...lag,
      step: 1,
      format: formatCount,
      change: (value) => set({ lag: value }),
    });
    this.#activation = new ChoiceField(
      'construction-activation',
      l10n.t('Activation'),
      { linear: l10n.t('linear'), tanh: 'tanh', relu: 'ReLU' },
      (activation) => set({ activation }),
    );
    this.#matrix = new ChoiceField(
      'construction-matrix',
      l10n.t('Matrix'),
      { orthogonal: l10n.t('orthogonal'), gaussian: l10n.t('random, Gaussian') },
      (matrix) => set({ matrix }),
    );
    this.#training = new RunsControls(context, LESSON, () => ({ changes: trained(this.#computed.input) }));
    const empty = l10n.t('Move a slider to compute the gradient.');
    this.#flow = context.chart(empty, { references: () => verdictLines });
    this.#singular = context.chart(empty, { references: () => [{ label: '', value: 1 }] });
    this.#loss = context.chart(l10n.t('The button trains both networks, one after the other.'));
    this.controls = h(
      'div',
      { class: 'figures' },
      h(
        'p',
        { class: 'about' },
        l10n.t(
          'A simple RNN of {0} units with its initial weights. The gain multiplies its recurrent matrix.',
          CONSTRUCTED_UNITS,
        ),
      ),
      h('div', { class: 'buttons' }, this.#gain.element, this.#lag.element),
      h('div', { class: 'buttons' }, this.#activation.element, this.#matrix.element),
      this.#verdict,
    );
    this.figures = h(
      'div',
      { class: 'results' },
      this.#flow.element,
      this.#singular.element,
      h(
        'section',
        { class: 'block', 'aria-label': l10n.t('Train it') },
        h('h2', {}, l10n.t('Train it')),
        h(
          'p',
          { class: 'about' },
          l10n.t(
            'The button trains a network with the chosen gain and matrix, and one with an orthogonal matrix and gain 1, to recall a letter that is the chosen number of steps back.',
          ),
        ),
        this.#training.element,
        this.#loss.element,
      ),
    );
    this.change = h(
      'div',
      { class: 'buttons' },
      ...presets().map(({ label, input }) => button(label, { 'data-do': 'preset' }, () => this.#set(input))),
      button(l10n.t('Draw other weights'), { 'data-do': 'draw' }, () =>
        this.#set({ seed: this.#computed.input.seed + 1 }),
      ),
    );
    this.#showInput();
  }

  appear(): void {
    this.#computed.appear();
    this.#training.appear();
    for (const chart of [this.#flow, this.#singular, this.#loss]) chart.refresh();
  }

  disappear(): void {
    this.#training.disappear();
  }

  takeRuns(runs: readonly LessonRunView[]): void {
    this.#runs = runs;
    this.#training.show(runs);
    this.#loss.show(lossSpec(LESSON, runs), runCurves(runs, 'validationLoss'));
    this.#see();
  }

  #set(changed: Partial<ConstructionRequest>): void {
    this.#computed.change(changed);
    this.#showInput();
  }

  #showInput(): void {
    const { gain, lag, activation, matrix } = this.#computed.input;
    this.#gain.show(gain);
    this.#lag.show(lag);
    this.#activation.show(activation);
    this.#matrix.show(matrix);
  }

  #draw(): void {
    if (!this.#shown) return;
    const { input, result } = this.#shown;
    setText(this.#verdict, describeVerdict(result));
    this.#verdict.dataset.verdict = result.flow.verdict;
    this.#flow.show(flowSpec(), flowCurves(result));
    this.#singular.show(singularSpec(input.matrix), singularCurves(result));
    this.#see();
  }

  #see(): void {
    const shown = this.#shown;
    this.#context.see([
      ...(shown ? describeFactors(shown.input, shown.result) : []),
      ...this.#runs.flatMap((run) => describeEnd(LESSON, run, this.#runs)),
    ]);
  }
}

/** Fields of the configuration that train the constructed network. */
function trained({ gain, activation, matrix, lag, seed }: ConstructionRequest): Record<string, unknown> {
  return {
    'model.units': CONSTRUCTED_UNITS,
    'model.activation': activation,
    'model.recurrentGain': gain,
    ...(matrix === 'orthogonal'
      ? { 'model.recurrentInitializer': 'orthogonal' }
      : { 'model.recurrentInitializer': 'normal', 'model.standardDeviation': 1 / Math.sqrt(CONSTRUCTED_UNITS) }),
    'task.distance': lag,
    'data.sequenceLength': lag + 1,
    seed,
  };
}
