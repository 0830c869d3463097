import * as l10n from '@vscode/l10n';
import * as z from 'zod';
import { baselineName } from '../../../src/config/baselines.ts';
import { tasks } from '../../../src/config/tasks.ts';
import { say } from '../../../src/phrases/phrase.ts';
import { lessons } from '../../../src/protocol/lessons/lessons.ts';
import type { LessonRunView } from '../../../src/protocol/lessons/runs.ts';
import { formatNumber } from '../../charts/number.ts';
import type { LineSpec, Reference } from '../../charts/spec.ts';
import { button, h } from '../../dom.ts';
import { comparedFlowCurves, comparedFlowSpec, describeReach } from '../../probes/comparedFlow.ts';
import { verdictLines } from '../../probes/lastStepChart.ts';
import { StepSlider } from '../../probes/stepSlider.ts';
import { describeLearning, describeOpening, describeRise } from '../cells/describeCells.ts';
import {
  describeUntrained,
  FORGET_BIAS,
  READ_LAG,
  type UntrainedCells,
  untrainedLines,
} from '../cells/untrainedCells.ts';
import type { LessonBody, LessonContext } from '../lessonBody.ts';
import { Computed } from '../parts/computed.ts';
import { lossSpec, runCurves, runLabel, runLines, runStyle } from '../parts/lessonRuns.ts';
import { RunsControls } from '../parts/runsControls.ts';
import { Slider } from '../parts/slider.ts';

const LESSON = 'cells';

const TASK = tasks.adding;

/** The runs that the lesson compares. */
const COMPARED = ['rnn', 'gru', 'lstm'];
const ON_TEXT = ['textRnn', 'textGru', 'textLstm'];

const storedInput = z.object({ forgetBias: z.number().min(FORGET_BIAS.min).max(FORGET_BIAS.max) });

type Input = z.output<typeof storedInput>;

/** Lesson on cells with and without gates: their gradients before training, and what they learn. */
export class CellsBody implements LessonBody {
  readonly controls: HTMLElement;
  readonly figures: HTMLElement;
  readonly change: HTMLElement;
  readonly #context: LessonContext;
  readonly #computed: Computed<Input, UntrainedCells>;
  readonly #bias: Slider;
  readonly #untrained;
  readonly #training: RunsControls;
  readonly #loss;
  readonly #flow;
  readonly #slider: StepSlider;
  readonly #onText: RunsControls;
  readonly #textLoss;
  #step: number | null = null;
  #runs: readonly LessonRunView[] = [];
  #texts: readonly LessonRunView[] = [];
  #shown: { readonly cells: UntrainedCells; readonly forgetBias: number } | undefined;

  constructor(context: LessonContext) {
    this.#context = context;
    this.#computed = new Computed(
      context,
      storedInput.safeParse(context.stored).data ?? { forgetBias: FORGET_BIAS.initial },
      async ({ forgetBias }) => this.#probe(forgetBias),
      (cells, { forgetBias }) => {
        this.#shown = { cells, forgetBias };
        this.#drawUntrained();
      },
    );
    this.#bias = new Slider({
      id: 'cells-forget-bias',
      label: l10n.t('Forget bias of the LSTM'),
      ...FORGET_BIAS,
      format: formatNumber,
      change: (forgetBias) => this.#computed.change({ forgetBias }),
    });
    this.#bias.show(this.#computed.input.forgetBias);
    this.#training = new RunsControls(context, LESSON, () => ({ runs: COMPARED }));
    this.#onText = new RunsControls(context, LESSON, () => ({ runs: ON_TEXT }));
    this.#textLoss = context.chart(l10n.t('The button trains the three networks on the text.'));
    this.#untrained = context.chart(l10n.t('The gradients of the untrained cells are being computed.'), {
      references: () => verdictLines,
    });
    const empty = l10n.t('The button trains the three networks, one after the other.');
    this.#loss = context.chart(empty, { references: () => this.#guess() });
    this.#flow = context.chart(empty, { references: () => verdictLines });
    this.#slider = new StepSlider((step) => {
      this.#step = step;
      this.#drawFlow();
      void context.host.showProbesAt(step);
    });
    this.controls = h(
      'div',
      { class: 'figures' },
      h('p', { class: 'about' }, say(TASK.definition)),
      this.#training.element,
    );
    this.figures = h(
      'div',
      { class: 'results' },
      this.#loss.element,
      this.#slider.element,
      this.#flow.element,
      h(
        'section',
        { class: 'block', 'aria-label': l10n.t('Before training') },
        h('h2', {}, l10n.t('Before training')),
        h(
          'p',
          { class: 'about' },
          l10n.t(
            'The gradients of the three cells with their initial weights. Move the forget bias: no training is needed.',
          ),
        ),
        this.#bias.element,
        this.#untrained.element,
      ),
      h(
        'section',
        { class: 'block', 'aria-label': l10n.t('On a text') },
        h('h2', {}, l10n.t('On a text')),
        h(
          'p',
          { class: 'about' },
          l10n.t('The same cells learn to predict the next character of the sample text ferry.txt.'),
        ),
        this.#onText.element,
        this.#textLoss.element,
      ),
    );
    this.change = h(
      'div',
      { class: 'buttons' },
      button(l10n.t('Train an LSTM with forget bias 3'), { 'data-do': 'bias' }, () => {
        void this.#training.train({ runs: ['lstmOpen'] });
      }),
      button(
        l10n.t('Train with seed {0}', 2),
        { 'data-do': 'seed' },
        () => void this.#training.train({ runs: COMPARED, seeds: [2] }),
      ),
    );
    this.takeRuns([]);
  }

  appear(): void {
    this.#computed.appear();
    this.#training.appear();
    for (const chart of [this.#untrained, this.#loss, this.#flow, this.#textLoss]) chart.refresh();
  }

  disappear(): void {
    this.#training.disappear();
  }

  takeRuns(all: readonly LessonRunView[]): void {
    const runs = all.filter(({ key }) => !ON_TEXT.includes(key));
    this.#runs = runs;
    this.#training.show(runs);
    this.#texts = all.filter(({ key }) => ON_TEXT.includes(key));
    this.#onText.show(this.#texts);
    this.#textLoss.show(
      {
        ...lossSpec(LESSON, this.#texts),
        id: 'cells.textLoss',
        title: l10n.t('Validation loss on the text'),
        unit: say(tasks['language-model'].units.loss),
      },
      runCurves(this.#texts, 'validationLoss'),
    );
    this.#loss.show({ ...lossSpec(LESSON, runs), unit: say(TASK.units.loss) }, runCurves(runs, 'validationLoss'));
    this.#drawFlow();
  }

  async #probe(forgetBias: number): Promise<UntrainedCells> {
    const probe = async (run: string, changes = {}) =>
      this.#context.host.probeUntrained({ lesson: LESSON, run, changes });
    const shown = this.#shown?.cells;
    return {
      rnn: shown?.rnn ?? (await probe('rnn')),
      gru: shown?.gru ?? (await probe('gru')),
      lstm: await probe('lstm', { 'model.forgetBias': forgetBias }),
    };
  }

  /** The lines of the guess that needs no memory. */
  #guess(): Reference[] {
    const { guess } = TASK.references;
    const value = this.#runs[0]?.baselines[guess];
    return value === undefined ? [] : [{ label: say(baselineName(guess)), value }];
  }

  #drawUntrained(): void {
    const shown = this.#shown;
    if (!shown) return;
    const { cells, forgetBias } = shown;
    const lines: LineSpec[] = (lessons[LESSON].runs ?? [])
      .filter(({ key }) => COMPARED.includes(key))
      .map(({ key, label }) => ({
        key,
        label: label(),
        ...runStyle(LESSON, key),
        smoothable: false,
      }));
    this.#untrained.show(
      {
        ...comparedFlowSpec('cells.untrained', untrainedLines(lines, forgetBias)),
        title: l10n.t('Gradient before training'),
      },
      new Map(Object.entries(cells).flatMap(([key, { flow }]) => comparedFlowCurves(key, flow))),
    );
    this.#see();
  }

  #drawFlow(): void {
    const runs = this.#runs;
    this.#slider.show(
      runs.map(({ probeSteps }) => probeSteps),
      this.#step,
    );
    this.#flow.show(
      comparedFlowSpec('cells.flow', runLines(LESSON, runs)),
      new Map(runs.flatMap(({ id, flow }) => comparedFlowCurves(id, flow))),
    );
    this.#see();
  }

  #see(): void {
    const runs = this.#runs.map((run) => ({ label: runLabel(LESSON, run, this.#runs), run }));
    const flows = runs.flatMap(({ label, run: { flow } }) => (flow ? [{ label, flow }] : []));
    const shown = this.#shown;
    const texts = this.#texts.map((run) => ({ label: runLabel(LESSON, run, this.#texts), run }));
    this.#context.see([
      ...describeLearning(runs, TASK.references.guess),
      ...describeReach(flows),
      ...describeOpening(runs, READ_LAG),
      ...(shown ? describeUntrained(shown.cells, shown.forgetBias) : []),
      ...describeLearning(texts),
      ...describeRise(texts),
    ]);
  }
}
