import * as l10n from '@vscode/l10n';
import * as z from 'zod';
import {
  type BagOfWordsRequest,
  type BagOfWordsResult,
  LECTURE_TEXTS,
  lessonTexts,
  MAX_BAG_LEARNING_RATE,
  MAX_BAG_STEPS,
} from '../../../src/protocol/lessons/texts.ts';
import { formatCount, formatNumber } from '../../charts/number.ts';
import type { ChartSpec } from '../../charts/spec.ts';
import { button, h } from '../../dom.ts';
import { formula } from '../../math/formula.ts';
import type { LessonBody, LessonContext } from '../lessonBody.ts';
import { Computed } from '../parts/computed.ts';
import { LabelsField } from '../parts/labelsField.ts';
import { NumberField } from '../parts/numberField.ts';
import { NumberGrid } from '../parts/numberGrid.ts';
import { TextsForm } from '../parts/textsForm.ts';

/** Number of weights in the sentence on the strongest words. */
const STRONGEST = 3;

/** The sentences and labels of the lecture. */
const DEFAULT: BagOfWordsRequest = { texts: LECTURE_TEXTS, labels: [0, 1, 0], steps: 200, learningRate: 1 };

/** Two sentences that no classifier of bags of words can tell apart. */
const SAME_BAG: Pick<BagOfWordsRequest, 'texts' | 'labels'> = {
  texts: ['The movie my friend has not seen is good', 'The movie my friend has seen is not good'],
  labels: [1, 0],
};

const label = z.union([z.literal(0), z.literal(1)]);

const storedInput = z.object({
  texts: lessonTexts,
  labels: z.array(label),
  steps: z.int().positive().max(MAX_BAG_STEPS).catch(DEFAULT.steps),
  learningRate: z.number().positive().max(MAX_BAG_LEARNING_RATE).catch(DEFAULT.learningRate),
});

/** Lesson on bags of words: the design matrix of labeled sentences, and a logistic regression that reads it. */
export class BagOfWordsBody implements LessonBody {
  readonly controls: HTMLElement;
  readonly figures: HTMLElement;
  readonly change: HTMLElement;
  readonly #form: TextsForm;
  readonly #labels: LabelsField;
  readonly #matrix = new NumberGrid(l10n.t('Design matrix X'));
  readonly #weights = new NumberGrid(l10n.t('Weights of the classifier'));
  readonly #answers = new NumberGrid(l10n.t('Answers of the classifier'));
  readonly #chart;
  readonly #computed: Computed<BagOfWordsRequest, BagOfWordsResult>;

  constructor(context: LessonContext) {
    this.#chart = context.chart(l10n.t('The classifier has not been trained yet.'));
    this.#computed = new Computed(
      context,
      storedInput.safeParse(context.stored).data ?? DEFAULT,
      (input) => context.host.workBagOfWords(input),
      (result, input) => {
        this.#draw(result, input);
        context.see(describe(result, input));
      },
    );
    this.#labels = new LabelsField((labels) => this.#computed.change({ labels }));
    this.#form = new TextsForm((texts) => this.#take(texts), context.problem);
    this.controls = h('div', { class: 'figures' }, this.#form.element, this.#labels.element);
    this.figures = h(
      'div',
      { class: 'results' },
      this.#matrix.element,
      h(
        'section',
        { class: 'block', 'aria-label': l10n.t('Classifier') },
        h('h2', {}, l10n.t('Classifier')),
        h(
          'p',
          { class: 'about' },
          l10n.t('A logistic regression on the rows of X, trained here by gradient descent from zero weights.'),
        ),
        h('p', {}, formula('logisticRegression')),
      ),
      this.#chart.element,
      this.#weights.element,
      this.#answers.element,
    );
    const fields = {
      steps: new NumberField({
        label: l10n.t('Steps'),
        min: 1,
        max: MAX_BAG_STEPS,
        whole: true,
        change: (steps) => this.#computed.change({ steps }),
        problem: context.problem,
      }),
      learningRate: new NumberField({
        label: l10n.t('Learning rate'),
        min: 0.0001,
        max: MAX_BAG_LEARNING_RATE,
        whole: false,
        change: (learningRate) => this.#computed.change({ learningRate }),
        problem: context.problem,
      }),
    };
    const set = (input: Partial<BagOfWordsRequest>) => {
      this.#computed.change(input);
      this.#showInput();
      fields.steps.show(this.#computed.input.steps);
      fields.learningRate.show(this.#computed.input.learningRate);
    };
    this.#showInput();
    fields.steps.show(this.#computed.input.steps);
    fields.learningRate.show(this.#computed.input.learningRate);
    this.change = h(
      'div',
      { class: 'buttons' },
      fields.steps.element,
      fields.learningRate.element,
      button(l10n.t('Two sentences with the same words'), { 'data-do': 'same' }, () => set(SAME_BAG)),
      button(l10n.t('Sentences of the lecture'), {}, () => set(DEFAULT)),
    );
  }

  appear(): void {
    this.#computed.appear();
    this.#chart.refresh();
  }

  takeTexts(texts: readonly string[]): void {
    this.#take(texts);
    this.#showInput();
  }

  /** Takes new sentences. A sentence keeps the label of its place; further ones get class 0. */
  #take(texts: readonly string[]): void {
    const { labels } = this.#computed.input;
    this.#computed.change({ texts: [...texts], labels: texts.map((_, i) => labels[i] ?? 0) });
    this.#labels.show(texts, this.#computed.input.labels);
  }

  #showInput(): void {
    const { texts, labels } = this.#computed.input;
    this.#form.show(texts);
    this.#labels.show(texts, labels);
  }

  #draw(result: BagOfWordsResult, { labels }: BagOfWordsRequest): void {
    const { words, columns, bags, losses, weights, bias, probabilities } = result;
    const rows = words.map((_, i) => String(i + 1));
    this.#matrix.show({
      corner: l10n.t('sentence'),
      rows,
      columns,
      values: bags,
      note: l10n.t(
        'A row for each sentence and a column for each word, {0} x {1}: how often the word occurs in the sentence.',
        rows.length,
        columns.length,
      ),
    });
    const curve = { x: losses.map((_, step) => step), y: losses };
    this.#chart.show(lossSpec(), new Map([['loss', curve]]));
    this.#weights.show({
      corner: l10n.t('word'),
      rows: [...columns, 'b'],
      columns: [l10n.t('weight')],
      values: [...weights, bias],
      note: l10n.t('A positive weight speaks for class 1, a negative one for class 0. b is the bias.'),
    });
    const logits = words.map((_, i) =>
      columns.reduce((sum, __, j) => sum + (bags[i * columns.length + j] ?? 0) * (weights[j] ?? 0), bias),
    );
    this.#answers.show({
      corner: l10n.t('sentence'),
      rows,
      columns: [l10n.t('w · x + b'), 'P(y = 1)', l10n.t('label y')],
      values: words.flatMap((_, i) => [logits[i] ?? 0, probabilities[i] ?? 0, labels[i] ?? 0]),
      note: l10n.t('The answer is class 1 if its probability is above 0.5.'),
    });
  }
}

function lossSpec(): ChartSpec {
  return {
    id: 'lessonBagOfWords',
    title: l10n.t('Training loss'),
    term: 'loss',
    xName: 'step',
    unit: l10n.t('nats per sentence'),
    lines: [{ key: 'loss', label: l10n.t('training'), color: 'blue', dash: [], smoothable: false, dots: false }],
    defaults: { logarithmic: false, smoothing: 0, range: 'full', table: false },
    describe: formatNumber,
  };
}

function describe(
  { columns, losses, weights, probabilities, lowestLoss }: BagOfWordsResult,
  { labels, steps }: BagOfWordsRequest,
): string[] {
  const right = probabilities.filter((p, i) => (p > 0.5 ? 1 : 0) === labels[i]).length;
  const strongest = columns
    .map((word, i) => ({ word, weight: weights[i] ?? 0 }))
    .sort((a, b) => Math.abs(b.weight) - Math.abs(a.weight))
    .slice(0, STRONGEST)
    .map(({ word, weight }) => `"${word}" ${formatNumber(weight)}`);
  const [first = 0, last = 0] = [losses[0], losses.at(-1)];
  const numbers = [formatNumber(first), formatNumber(last), formatCount(steps), right, labels.length] as const;
  return [
    last < first
      ? l10n.t(
          'The loss falls from {0} nats, a guess, to {1} after {2} steps, and the classifier answers {3} of {4} sentences correctly.',
          ...numbers,
        )
      : l10n.t(
          'The loss goes from {0} nats, a guess, to {1} after {2} steps: it has not fallen. The classifier answers {3} of {4} sentences correctly.',
          ...numbers,
        ),
    l10n.t('Weights of the largest size: {0}.', strongest.join(', ')),
    ...(lowestLoss > 0
      ? [
          l10n.t(
            'Sentences with the same bag of words have different labels. Whatever the weights are, the loss stays at or above {0}.',
            formatNumber(lowestLoss),
          ),
        ]
      : []),
  ];
}
