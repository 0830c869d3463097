import * as l10n from '@vscode/l10n';
import * as z from 'zod';
import { recurrentLayers } from '../../../src/config/layerSummaries.ts';
import { counted, totalOf } from '../../../src/config/modelSummary.ts';
import { type ModelConfig, runConfigSchema } from '../../../src/config/schema.ts';
import type { LessonRunView } from '../../../src/protocol/lessons/runs.ts';
import { formatCount } from '../../charts/number.ts';
import { h } from '../../dom.ts';
import { formula } from '../../math/formula.ts';
import type { FormulaId } from '../../math/formulas.ts';
import type { LessonBody, LessonContext } from '../lessonBody.ts';
import { drawNetwork } from '../network/networkDrawing.ts';
import type { UnrolledNetwork } from '../network/unrolledNetwork.ts';
import { describeEnd } from '../parts/describeRuns.ts';
import { lossSpec, runCurves } from '../parts/lessonRuns.ts';
import { NumberField } from '../parts/numberField.ts';
import { RunsControls } from '../parts/runsControls.ts';
import { subscript } from '../parts/subscript.ts';

const LESSON = 'recurrence';

const MAX_UNITS = 512;
const MAX_LAYERS = 8;

const storedInput = z.object({
  units: z.int().positive().max(MAX_UNITS),
  outputs: z.int().positive().max(MAX_UNITS),
  layers: z.int().positive().max(MAX_LAYERS),
});

type Input = z.output<typeof storedInput>;

const DEFAULT: Input = { units: 50, outputs: 4, layers: 2 };

const STEPS = 4;
const numbered = (letter: string) => Array.from({ length: STEPS }, (_, t) => `${letter}${subscript(t + 1)}`);

/** Lesson on what a step reads of the previous one: the hidden state, or only the output. */
export class RecurrenceBody implements LessonBody {
  readonly controls: HTMLElement;
  readonly figures: HTMLElement;
  readonly change: HTMLElement;
  readonly #context: LessonContext;
  readonly #stack = h('div');
  readonly #training: RunsControls;
  readonly #loss;
  #runs: readonly LessonRunView[] = [];
  #input: Input;

  constructor(context: LessonContext) {
    this.#context = context;
    this.#input = storedInput.safeParse(context.stored).data ?? DEFAULT;
    this.#training = new RunsControls(context, LESSON, () => ({ changes: { 'model.units': this.#input.units } }));
    this.#loss = context.chart(l10n.t('The button trains both networks, one after the other.'));
    const field = (name: keyof Input, label: string, max: number) => {
      const shown = new NumberField({
        label,
        min: 1,
        max,
        whole: true,
        change: (value) => this.#set({ ...this.#input, [name]: value }),
        problem: context.problem,
      });
      shown.show(this.#input[name]);
      return shown.element;
    };
    const single = { layers: ['RNN'], inputs: numbered('x'), outputs: numbered('o') };
    this.controls = h(
      'div',
      { class: 'figures' },
      h(
        'div',
        { class: 'buttons' },
        field('units', l10n.t('Hidden units'), MAX_UNITS),
        field('outputs', l10n.t('Outputs'), MAX_UNITS),
      ),
      h(
        'p',
        { class: 'about' },
        l10n.t(
          'The button trains a simple RNN in both ways to say in which order two marks came in a sequence of 20 letters. It has 4 outputs.',
        ),
      ),
      this.#training.element,
    );
    this.figures = h(
      'div',
      { class: 'results' },
      h(
        'div',
        { class: 'side-by-side' },
        drawing(
          l10n.t('Hidden-to-hidden'),
          l10n.t('A step reads the hidden state of the previous step.'),
          ['recurrentNetInput', 'recurrentLogits'],
          { ...single, recurrence: 'hidden' },
        ),
        drawing(
          l10n.t('Output-to-hidden'),
          l10n.t('A step reads the output of the previous step: the logits, before the softmax.'),
          ['outputNetInput', 'recurrentLogits'],
          { ...single, recurrence: 'output' },
        ),
      ),
      this.#loss.element,
      this.#stack,
    );
    this.change = h(
      'div',
      { class: 'buttons' },
      field('layers', l10n.t('Layers'), MAX_LAYERS),
      h(
        'p',
        { class: 'about' },
        l10n.t('To train it: model.cell "rnn" with model.recurrence "output", or more model.layers with "hidden".'),
      ),
    );
  }

  appear(): void {
    this.#training.appear();
    this.#draw();
  }

  disappear(): void {
    this.#training.disappear();
  }

  takeRuns(runs: readonly LessonRunView[]): void {
    this.#runs = runs;
    this.#training.show(runs);
    this.#draw();
  }

  #set(input: Input): void {
    this.#input = input;
    this.#context.store(input);
    this.#draw();
  }

  #draw(): void {
    const { layers } = this.#input;
    this.#stack.replaceChildren(
      drawing(
        l10n.t('Several layers'),
        l10n.t('A layer reads its own state of the previous step, and the state of the layer below at the same step.'),
        ['stackedNetInput'],
        {
          layers: Array.from({ length: layers }, (_, i) => `RNN ${i + 1}`),
          inputs: numbered('x'),
          outputs: numbered('o'),
          recurrence: 'hidden',
        },
      ),
    );
    this.#loss.show(lossSpec(LESSON, this.#runs), runCurves(this.#runs, 'validationLoss'));
    this.#context.see([...describe(this.#input), ...this.#runs.flatMap((run) => describeEnd(LESSON, run, this.#runs))]);
  }
}

function drawing(title: string, about: string, formulas: readonly FormulaId[], network: UnrolledNetwork): HTMLElement {
  return h(
    'section',
    { class: 'block', 'aria-label': title },
    h('h2', {}, title),
    h('p', { class: 'about' }, about),
    ...formulas.map((id) => h('p', {}, formula(id))),
    h(
      'div',
      { class: 'network-scroll', role: 'region', tabindex: '0', 'aria-label': l10n.t('{0}: drawing', title) },
      drawNetwork(network, l10n.t('{0}, unrolled over {1} steps', title, network.inputs.length)),
    ),
  );
}

/** Parameters of the recurrent layers without those that read the input. */
function fedBack({ units, outputs }: Input, recurrence: ModelConfig['recurrence'], layers = 1): number {
  const { model } = runConfigSchema.parse({ model: { cell: 'rnn', units, layers, recurrence, bias: false } });
  return counted(totalOf(recurrentLayers(model, { reads: 'tokens' })), 0, outputs);
}

function describe(input: Input): string[] {
  const { units, outputs, layers } = input;
  const rank = Math.min(units, outputs);
  return [
    l10n.t(
      'With {0} hidden units, the matrix from state to state has {1} numbers; with {2} outputs, the matrix from output to state has {3}.',
      formatCount(units),
      formatCount(fedBack(input, 'hidden')),
      formatCount(outputs),
      formatCount(fedBack(input, 'output')),
    ),
    rank < units
      ? l10n.t(
          'All that the next step learns of the past are {0} logits. The product of both matrices, from state to state, has a rank of at most {0} instead of {1}.',
          formatCount(outputs),
          formatCount(units),
        )
      : l10n.t('There are at least as many outputs as units, so the logits can carry the whole state.'),
    l10n.t(
      'A stack of {0} layers feeds back {1} numbers at each step, {2} for each layer, and has {3} weights for that and for reading the layer below.',
      layers,
      formatCount(layers * units),
      formatCount(units),
      formatCount(fedBack(input, 'hidden', layers)),
    ),
  ];
}
