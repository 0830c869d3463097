import * as l10n from '@vscode/l10n';
import * as z from 'zod';
import {
  type Convolution,
  MAX_KERNEL_WIDTH,
  type PaddingRequest,
  type PaddingResult,
} from '../../../src/protocol/lessons/padding.ts';
import {
  DIMENSIONS,
  LECTURE_EMBEDDING,
  LECTURE_TEXTS,
  lessonTexts,
  MAX_TEXTS,
} from '../../../src/protocol/lessons/texts.ts';
import { formatNumber } from '../../charts/number.ts';
import { button, h, setText } from '../../dom.ts';
import type { LessonBody, LessonContext } from '../lessonBody.ts';
import { describePadding, derivationAt } from '../padding/describePadding.ts';
import { Computed } from '../parts/computed.ts';
import { NumberField } from '../parts/numberField.ts';
import { NumberGrid } from '../parts/numberGrid.ts';
import { NumberTable } from '../parts/numberTable.ts';
import { TextsForm } from '../parts/textsForm.ts';

const storedInput = z.object({
  texts: lessonTexts,
  filter: z.array(z.array(z.number()).length(DIMENSIONS)).min(1).max(MAX_KERNEL_WIDTH),
  bias: z.number(),
  /** Sentence and step under the window. */
  text: z.int().nonnegative().catch(0),
  step: z.int().nonnegative().catch(0),
});

type Input = z.output<typeof storedInput>;

/** The sentences of the lecture, and a filter of width 3 whose maxima are on the padding of the shorter sentences. */
const DEFAULT: Input = {
  texts: LECTURE_TEXTS,
  filter: [
    [0.1, -0.1, 0.2, 0],
    [-0.2, 0.1, 0.3, -0.1],
    [0, 0.2, -0.1, 0.1],
  ],
  bias: 0,
  text: 0,
  step: 4,
};

// eslint-disable-next-line lab/translated -- an example for an English vocabulary
const LONGER = 'One and one is two, and two and two is four, and four and four is eight, and the sun is still shining';

const embedding = (): PaddingRequest['embedding'] =>
  Object.fromEntries(Object.entries(LECTURE_EMBEDDING).map(([word, row]) => [word, [...row]]));

/** Lesson on a convolution that slides over padded sentences, with and without a mask. */
export class PaddingBody implements LessonBody {
  readonly controls: HTMLElement;
  readonly figures: HTMLElement;
  readonly change: HTMLElement;
  readonly #context: LessonContext;
  readonly #form: TextsForm;
  readonly #indices = new NumberGrid(l10n.t('Padded indices'));
  readonly #filter: NumberTable;
  readonly #width: NumberField;
  readonly #bias: NumberField;
  readonly #text = h('select', { id: 'padding-text' });
  readonly #step = h('input', { type: 'range', id: 'padding-step', min: 0, step: 1 });
  readonly #stepName = h('output', { for: 'padding-step' });
  readonly #window = new NumberGrid(l10n.t('What the filter reads'));
  readonly #sums = h('div', { class: 'derivation', role: 'status' });
  readonly #unmasked = new NumberGrid(l10n.t('Filter at each step, without a mask'));
  readonly #masked = new NumberGrid(l10n.t('Filter at each step, with a mask'));
  readonly #pooled = new NumberGrid(l10n.t('Pooled values'));
  readonly #computed: Computed<Input, PaddingResult>;
  #result: PaddingResult | undefined;

  constructor(context: LessonContext) {
    this.#context = context;
    this.#computed = new Computed(
      context,
      storedInput.safeParse(context.stored).data ?? DEFAULT,
      ({ texts, filter, bias }) => context.host.workPadding({ texts, filter, bias, embedding: embedding() }),
      (result) => {
        this.#result = result;
        this.#draw(result);
      },
    );
    this.#form = new TextsForm((texts) => this.#computed.change({ texts, text: 0, step: 0 }), context.problem);
    this.#filter = new NumberTable(l10n.t('Filter'), l10n.t('step in the window'), (row, column, value) =>
      this.#computed.change({
        filter: this.#computed.input.filter.map((each, i) => (i === row ? each.with(column, value) : each)),
      }),
    );
    const { problem } = context;
    this.#width = new NumberField({
      label: l10n.t('Width of the window'),
      min: 1,
      max: MAX_KERNEL_WIDTH,
      whole: true,
      change: (width) => this.#resize(width),
      problem,
    });
    this.#bias = new NumberField({
      label: l10n.t('Bias'),
      min: -100,
      max: 100,
      whole: false,
      change: (bias) => this.#computed.change({ bias }),
      problem,
    });
    this.#text.addEventListener('change', () => this.#look(Number(this.#text.value), 0));
    this.#step.addEventListener('input', () => this.#look(this.#computed.input.text, Number(this.#step.value)));
    this.controls = h(
      'div',
      { class: 'figures' },
      this.#form.element,
      h('div', { class: 'buttons' }, this.#width.element, this.#bias.element),
    );
    this.figures = h(
      'div',
      { class: 'results' },
      this.#indices.element,
      this.#filter.element,
      h(
        'section',
        { class: 'block', 'aria-label': l10n.t('The filter at one step') },
        h('h2', {}, l10n.t('The filter at one step')),
        h(
          'div',
          { class: 'buttons' },
          h('span', { class: 'field' }, h('label', { for: 'padding-text' }, l10n.t('Sentence')), this.#text),
          h(
            'span',
            { class: 'field' },
            h('label', { for: 'padding-step' }, l10n.t('Step')),
            this.#step,
            this.#stepName,
          ),
        ),
        this.#window.element,
        this.#sums,
      ),
      this.#unmasked.element,
      this.#masked.element,
      this.#pooled.element,
    );
    this.change = h(
      'div',
      { class: 'buttons' },
      button(l10n.t('Add a longer sentence'), { 'data-do': 'longer' }, () => {
        const { texts } = this.#computed.input;
        this.takeTexts([...texts.slice(0, MAX_TEXTS - 1), LONGER]);
      }),
      button(l10n.t('Example of the lecture'), {}, () => {
        this.#computed.change(DEFAULT);
        this.#showInput();
      }),
    );
    this.#showInput();
  }

  appear(): void {
    this.#computed.appear();
  }

  takeTexts(texts: readonly string[]): void {
    this.#computed.change({ texts: [...texts], text: 0, step: 0 });
    this.#showInput();
  }

  #showInput(): void {
    const { texts, filter, bias } = this.#computed.input;
    this.#form.show(texts);
    this.#width.show(filter.length);
    this.#bias.show(bias);
  }

  /** Changes the width of the filter: rows are kept from the first, new ones are zero. */
  #resize(width: number): void {
    const { filter } = this.#computed.input;
    this.#computed.change({
      filter: Array.from({ length: width }, (_, i) => filter[i] ?? new Array<number>(DIMENSIONS).fill(0)),
    });
  }

  /** Moves the window. */
  #look(text: number, step: number): void {
    this.#computed.keep({ text, step });
    if (this.#result) this.#drawWindow(this.#result);
  }

  #draw(result: PaddingResult): void {
    const { words, vocabulary, timeSteps, padded, unmasked, masked } = result;
    const { filter } = this.#computed.input;
    const isPadding = (text: number, step: number) => step >= (words[text]?.length ?? 0);
    const rows = words.map((_, i) => String(i + 1));
    const columns = Array.from({ length: timeSteps }, (_, t) => String(t + 1));
    this.#indices.show({
      corner: l10n.t('sentence'),
      rows,
      columns,
      values: padded,
      note: l10n.t('All rows must have the same length: {0} (<pad>) fills the shorter ones.', vocabulary.length - 1),
      classOf: (text, step) => (isPadding(text, step) ? 'excluded' : ''),
    });
    this.#filter.show({
      rows: filter.map((_, i) => String(i + 1)),
      columns: Array.from({ length: DIMENSIONS }, (_, i) => l10n.t('dimension {0}', i + 1)),
      values: filter.flat(),
    });
    this.#text.replaceChildren(
      ...words.map((each, i) => h('option', { value: i }, `${i + 1}. ${each.slice(0, 8).join(' ')}`)),
    );
    this.#step.max = String(timeSteps - 1);
    this.#drawWindow(result);
    const grid = (convolution: Convolution, note: string, cut: boolean) => ({
      corner: l10n.t('sentence'),
      rows,
      columns,
      values: convolution.values,
      note,
      classOf: (text: number, step: number) =>
        convolution.maxAt[text] === step ? 'largest' : isPadding(text, step) ? (cut ? 'excluded' : 'padding') : '',
      textOf: (text: number, step: number) => (cut && isPadding(text, step) ? '–' : undefined),
    });
    this.#unmasked.show(
      grid(
        unmasked,
        l10n.t(
          'max(0, sum + bias) of the window around each step. Padding (italic) has a vector and a value like a word. The frame marks the largest value of a sentence.',
        ),
        false,
      ),
    );
    this.#masked.show(
      grid(
        masked,
        l10n.t('The vectors of the padding are zero, and there are no values after the end of a sentence.'),
        true,
      ),
    );
    this.#pooled.show({
      corner: l10n.t('sentence'),
      rows,
      columns: [l10n.t('maximum, no mask'), l10n.t('maximum, mask'), l10n.t('mean, no mask'), l10n.t('mean, mask')],
      values: rows.flatMap((_, i) => [
        unmasked.max[i] ?? 0,
        masked.max[i] ?? 0,
        unmasked.mean[i] ?? 0,
        masked.mean[i] ?? 0,
      ]),
      note: l10n.t(
        'Pooling makes one number of a sentence, which the output layer reads. Here sequences are masked by their lengths.',
      ),
    });
    this.#context.see(describePadding(result));
  }

  #drawWindow(result: PaddingResult): void {
    const { words, vocabulary, timeSteps, padded, vectors } = result;
    const { filter, bias } = this.#computed.input;
    const text = Math.min(this.#computed.input.text, words.length - 1);
    const step = Math.min(this.#computed.input.step, timeSteps - 1);
    this.#text.value = String(text);
    this.#step.value = String(step);
    const names = Array.from({ length: timeSteps }, (_, t) => vocabulary[padded[text * timeSteps + t] ?? 0] ?? '');
    setText(this.#stepName, `${step + 1}: ${names[step] ?? ''}`);
    const first = step - Math.floor((filter.length - 1) / 2);
    const inWindow = (t: number) => t >= first && t < first + filter.length;
    const length = words[text]?.length ?? 0;
    this.#window.show({
      corner: l10n.t('dimension'),
      rows: Array.from({ length: DIMENSIONS }, (_, i) => String(i + 1)),
      columns: names.map((name, t) => `${t + 1} ${name}`),
      values: Array.from({ length: DIMENSIONS }, (_, i) =>
        names.map((__, t) => vectors[(text * timeSteps + t) * DIMENSIONS + i] ?? 0),
      ).flat(),
      note: l10n.t('The vectors of the words, and of the padding, without a mask. The frame marks the window.'),
      classOf: (_, t) => [inWindow(t) ? 'largest' : '', t >= length ? 'padding' : ''].join(' ').trim(),
    });
    this.#sums.replaceChildren(
      ...[false, true].map((masked) => {
        const { terms, sum, value } = derivationAt({ result, filter, bias }, text, step, masked);
        const title = masked ? l10n.t('With a mask:') : l10n.t('Without a mask:');
        const written = terms.map(({ name, share }) => `${name} ${formatNumber(share)}`).join(' + ');
        return h(
          'p',
          {},
          masked && step >= length
            ? l10n.t('With a mask there is no value here: the sentence has ended.')
            : `${title} ${written} + ${l10n.t('bias {0}', formatNumber(bias))} = ${formatNumber(sum)}, max(0, ${formatNumber(sum)}) = ${formatNumber(value)}`,
        );
      }),
    );
  }
}
