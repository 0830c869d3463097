import * as l10n from '@vscode/l10n';
import * as z from 'zod';
import { lessonTexts, type OrderResult } from '../../../src/protocol/lessons/texts.ts';
import type { ReportBlock } from '../../../src/protocol/report.ts';
import { formatNumber } from '../../charts/number.ts';
import { button, h } from '../../dom.ts';
import { BlockList } from '../../panel/results/blockList.ts';
import type { LessonBody, LessonContext } from '../lessonBody.ts';
import { Computed } from '../parts/computed.ts';
import { NumberGrid, type NumberGridContent } from '../parts/numberGrid.ts';
import { TextsForm } from '../parts/textsForm.ts';

/** The sentences of the lecture. */
const DEFAULT = {
  texts: ['The movie my friend has not seen is good', 'The movie my friend has seen is not good'],
};

const storedInput = z.object({ texts: lessonTexts });

/** Lesson on word order: bags of words and recurrent states of sentences with the same words. */
export class OrderBody implements LessonBody {
  readonly controls: HTMLElement;
  readonly figures: HTMLElement;
  readonly change: HTMLElement;
  readonly #form: TextsForm;
  readonly #computed: Computed<typeof DEFAULT, OrderResult>;

  constructor(context: LessonContext) {
    const bags = new NumberGrid(l10n.t('Bags of words'));
    const blocks = new BlockList(context);
    this.#computed = new Computed(
      context,
      storedInput.safeParse(context.stored).data ?? DEFAULT,
      (input) => context.host.workOrder(input),
      (result) => {
        bags.show(bagsGrid(result));
        blocks.show(blocksOf(result));
        context.see(describe(result));
      },
    );
    this.#form = new TextsForm((texts) => this.#computed.change({ texts }), context.problem);
    this.#form.show(this.#computed.input.texts);
    this.controls = this.#form.element;
    this.figures = h('div', { class: 'results' }, bags.element, blocks.element);
    this.change = h(
      'div',
      { class: 'buttons' },
      button(l10n.t('Reverse the words of the last sentence'), {}, () => this.#reverseLast()),
      button(l10n.t('Sentences of the lecture'), {}, () => this.takeTexts(DEFAULT.texts)),
    );
  }

  appear(): void {
    this.#computed.appear();
  }

  takeTexts(texts: readonly string[]): void {
    this.#form.show(texts);
    this.#computed.change({ texts: [...texts] });
  }

  #reverseLast(): void {
    const { texts } = this.#computed.input;
    const reversed = (texts.at(-1) ?? '').split(/\s+/).toReversed().join(' ');
    this.takeTexts([...texts.slice(0, -1), reversed]);
  }
}

function sentenceName(index: number): string {
  return l10n.t('sentence {0}', index + 1);
}

function bagsGrid({ words, columns, bags }: OrderResult): NumberGridContent {
  return {
    corner: l10n.t('sentence'),
    rows: words.map((_, i) => String(i + 1)),
    columns,
    values: bags,
    note: l10n.t('How often each word occurs. The order of the words is lost.'),
  };
}

function blocksOf({ words, units, states }: OrderResult): ReportBlock[] {
  const names = words.map((_, i) => sentenceName(i));
  const unitNames = Array.from({ length: units }, (_, i) => l10n.t('unit {0}', i + 1));
  const matrix = { kind: 'matrix' as const, path: [] };
  return [
    ...words.map((text, i): ReportBlock => ({
      ...matrix,
      title: l10n.t('Hidden state, {0}', sentenceName(i)),
      rowAxis: l10n.t('unit'),
      columnAxis: l10n.t('after the word'),
      rows: unitNames,
      columns: text.map((word, t) => `${t + 1} ${word}`),
      values: unitNames.flatMap((_, unit) => text.map((__, t) => states[i]?.[t * units + unit] ?? 0)),
      unit: '',
      note: l10n.t(
        'Each column is the hidden state of an untrained LSTM after a word. It depends on all previous words and on their order.',
      ),
    })),
    {
      ...matrix,
      title: l10n.t('Final hidden states'),
      rowAxis: l10n.t('sentence'),
      columnAxis: l10n.t('unit'),
      rows: names,
      columns: unitNames,
      values: states.flatMap((h) => h.slice(-units)),
      unit: '',
      note: l10n.t('A many-to-one network answers from the final hidden state.'),
    },
  ];
}

/** Compares each pair of sentences that a bag of words cannot distinguish. */
function describe({ words, columns, bags, distances }: OrderResult): string[] {
  const bagOf = (i: number) => bags.slice(i * columns.length, (i + 1) * columns.length).join();
  const pairs = words.flatMap((_, a) => words.flatMap((__, b) => (a < b && bagOf(a) === bagOf(b) ? [{ a, b }] : [])));
  if (pairs.length === 0)
    return [
      words.length === 1
        ? l10n.t('There is one sentence. Add a second one with the same words in a different order.')
        : l10n.t(
            'No two sentences have the same bag of words, so a model that counts words can distinguish them. Try the same words in a different order.',
          ),
    ];
  return pairs.map(({ a, b }) => {
    const distance = distances[a * words.length + b] ?? 0;
    return distance > 0
      ? l10n.t(
          'Sentences {0} and {1} have the same bag of words, so no model that counts words can distinguish them. Their final hidden states are {2} apart, so an output layer can learn to answer differently.',
          a + 1,
          b + 1,
          formatNumber(distance),
        )
      : l10n.t('Sentences {0} and {1} have the same words in the same order.', a + 1, b + 1);
  });
}
