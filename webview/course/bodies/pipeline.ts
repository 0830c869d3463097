import * as l10n from '@vscode/l10n';
import * as z from 'zod';
import {
  DIMENSIONS,
  LECTURE_EMBEDDING,
  LECTURE_TEXTS,
  lessonTexts,
  type PipelineRequest,
  type PipelineResult,
} from '../../../src/protocol/lessons/texts.ts';
import type { ReportBlock } from '../../../src/protocol/report.ts';
import { formatNumber } from '../../charts/number.ts';
import { button, h } from '../../dom.ts';
import { BlockList } from '../../panel/results/blockList.ts';
import type { LessonBody, LessonContext } from '../lessonBody.ts';
import { Computed } from '../parts/computed.ts';
import { NumberGrid, type NumberGridContent } from '../parts/numberGrid.ts';
import { NumberTable } from '../parts/numberTable.ts';
import { TextsForm } from '../parts/textsForm.ts';

const lectureEmbedding = (): Record<string, number[]> =>
  Object.fromEntries(Object.entries(LECTURE_EMBEDDING).map(([word, row]) => [word, [...row]]));

const DEFAULT: PipelineRequest = { texts: LECTURE_TEXTS, embedding: lectureEmbedding(), text: 0 };

const storedInput = z.object({
  texts: lessonTexts,
  embedding: z.record(z.string(), z.array(z.number()).length(DIMENSIONS)).catch(lectureEmbedding),
  text: z.int().nonnegative().catch(0),
});

/** Lesson on the steps from words to vectors: vocabulary, indices, padding, one-hot vectors, embedding. */
export class PipelineBody implements LessonBody {
  readonly controls: HTMLElement;
  readonly figures: HTMLElement;
  readonly change: HTMLElement;
  readonly #form: TextsForm;
  readonly #table: NumberTable;
  readonly #text = h('select', { 'aria-label': l10n.t('Sentence to embed') });
  readonly #computed: Computed<PipelineRequest, PipelineResult>;
  #result: PipelineResult | undefined;

  constructor(context: LessonContext) {
    const toIndices = new BlockList(context);
    const padded = new NumberGrid(l10n.t('3. Padding'));
    const oneHot = new NumberGrid(l10n.t('4. One-hot vectors'));
    const product = new NumberGrid(l10n.t('6. Input of the network'));
    this.#computed = new Computed(
      context,
      storedInput.safeParse(context.stored).data ?? DEFAULT,
      (input) => context.host.workPipeline(input),
      (result, { text }) => {
        this.#result = result;
        toIndices.show(indexBlocks(result));
        padded.show(paddedGrid(result));
        this.#showChoice(result, text);
        oneHot.show(oneHotGrid(result, text));
        this.#table.show({ rows: result.vocabulary, columns: dimensions(), values: result.embedding });
        product.show(productGrid(result, text));
        context.see(describe(result, text));
      },
    );
    this.#table = new NumberTable(l10n.t('5. Embedding matrix'), l10n.t('word'), (row, column, value) =>
      this.#type(row, column, value),
    );
    this.#form = new TextsForm((texts) => this.#computed.change({ texts, text: 0 }), context.problem);
    this.#form.show(this.#computed.input.texts);
    this.#text.addEventListener('change', () => this.#computed.change({ text: Number(this.#text.value) }));
    this.controls = this.#form.element;
    this.figures = h(
      'div',
      { class: 'results' },
      toIndices.element,
      padded.element,
      h('label', { class: 'field' }, l10n.t('Sentence to embed'), this.#text),
      oneHot.element,
      this.#table.element,
      product.element,
    );
    this.change = h(
      'div',
      { class: 'buttons' },
      h('p', {}, l10n.t('Type your own numbers into the embedding matrix: the input of the network follows.')),
      button(l10n.t('Sentences and numbers of the lecture'), {}, () => {
        this.#form.show(DEFAULT.texts);
        this.#computed.change({ ...DEFAULT, embedding: lectureEmbedding() });
      }),
    );
  }

  appear(): void {
    this.#computed.appear();
  }

  takeTexts(texts: readonly string[]): void {
    this.#form.show(texts);
    this.#computed.change({ texts: [...texts], text: 0 });
  }

  #showChoice({ words }: PipelineResult, text: number): void {
    this.#text.replaceChildren(
      ...words.map((each, i) => h('option', { value: i }, `${i + 1}. ${each.slice(0, 8).join(' ')}`)),
    );
    this.#text.value = String(text);
  }

  #type(row: number, column: number, value: number): void {
    const { vocabulary, embedding } = this.#result ?? { vocabulary: [], embedding: [] };
    const word = vocabulary[row];
    if (word === undefined) return;
    const typed = this.#computed.input.embedding;
    const known = Object.hasOwn(typed, word) ? typed[word] : undefined;
    const numbers = [...(known ?? embedding.slice(row * DIMENSIONS, (row + 1) * DIMENSIONS))];
    numbers[column] = value;
    this.#computed.change({ embedding: { ...typed, [word]: numbers } });
  }
}

const dimensions = () => Array.from({ length: DIMENSIONS }, (_, i) => l10n.t('dimension {0}', i + 1));

function indexBlocks({ words, vocabulary, counts, ids }: PipelineResult): ReportBlock[] {
  const names = words.map((_, i) => l10n.t('sentence {0}', i + 1));
  return [
    {
      kind: 'table',
      title: l10n.t('1. Vocabulary'),
      columns: [l10n.t('index'), l10n.t('word'), l10n.t('times')],
      rows: vocabulary.map((word, id) => [id, word, counts[id] ?? 0]),
      note: l10n.t(
        'Every distinct word gets an index, in alphabetical order. <unk> represents words that are not in the list, <pad> pads shorter sentences.',
      ),
    },
    {
      kind: 'table',
      title: l10n.t('2. Sentences to indices'),
      columns: [l10n.t('sentence'), l10n.t('words'), l10n.t('indices')],
      rows: names.map((name, i) => [name, (words[i] ?? []).join(' '), (ids[i] ?? []).join(' ')]),
      note: l10n.t('Case and punctuation are removed; each word is replaced by its index.'),
    },
  ];
}

function paddedGrid({ words, vocabulary, timeSteps, padded }: PipelineResult): NumberGridContent {
  return {
    corner: l10n.t('time step'),
    rows: words.map((_, i) => l10n.t('sentence {0}', i + 1)),
    columns: Array.from({ length: timeSteps }, (_, i) => String(i + 1)),
    values: padded,
    note: l10n.t(
      'Each sentence is padded on the right with {0} (<pad>) to the length of the longest one, {1} steps.',
      vocabulary.length - 1,
      timeSteps,
    ),
    classOf: (text, step) => (step < (words[text]?.length ?? 0) ? '' : 'excluded'),
  };
}

function wordRows({ words }: PipelineResult, text: number): string[] {
  return (words[text] ?? []).map((word, i) => `${i + 1} ${word}`);
}

function oneHotGrid(result: PipelineResult, text: number): NumberGridContent {
  const { vocabulary, oneHot } = result;
  return {
    corner: l10n.t('word'),
    rows: wordRows(result, text),
    columns: vocabulary,
    values: oneHot,
    note: l10n.t('Each index becomes a vector of {0} numbers, 1 at the index and 0 elsewhere.', vocabulary.length),
  };
}

function productGrid(result: PipelineResult, text: number): NumberGridContent {
  return {
    corner: l10n.t('word'),
    rows: wordRows(result, text),
    columns: dimensions(),
    values: result.product,
    note: l10n.t('The one-hot vectors times the embedding matrix.'),
  };
}

function describe({ words, vocabulary, ids, product, lookup }: PipelineResult, text: number): string[] {
  const difference = product.reduce((most, value, at) => Math.max(most, Math.abs(value - (lookup[at] ?? 0))), 0);
  const word = words[text]?.[0];
  const id = ids[text]?.[0] ?? 0;
  return [
    l10n.t(
      'The sentences have {0} distinct words; with <unk> and <pad> the vocabulary has {1} entries.',
      vocabulary.length - 2,
      vocabulary.length,
    ),
    ...(word === undefined
      ? []
      : [
          l10n.t(
            'The word "{0}" has index {1}. Its one-hot vector times the matrix is [{2}], which is row {1} of the matrix.',
            word,
            id,
            product.slice(0, DIMENSIONS).map(formatNumber).join(', '),
          ),
          l10n.t(
            'Multiplication and lookup differ by at most {0}: a network such as nn.Embedding looks rows up and skips the one-hot vectors.',
            formatNumber(difference),
          ),
        ]),
  ];
}
