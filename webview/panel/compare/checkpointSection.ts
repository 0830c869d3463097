import * as l10n from '@vscode/l10n';
import type { ComparableRun } from '../../../src/protocol/comparison.ts';
import type { CheckpointPair, WeightDifference } from '../../../src/protocol/difference.ts';
import { formatCount } from '../../charts/number.ts';
import { button, h, setText } from '../../dom.ts';
import type { TabContext } from '../tabs/tab.ts';
import { code, table } from './differenceTable.ts';
import { ReadingView } from './readingView.ts';

/** Tokens that each checkpoint writes after the passage, with one seed. */
const WRITTEN = { length: 200, temperature: 0.8, seed: 1 } as const;

type Pair = readonly [ComparableRun, ComparableRun];

/**
 * Section "Checkpoints": change of the weights between two checkpoints of one run or of two, and what both make of one
 * passage.
 */
export class CheckpointSection {
  readonly element: HTMLElement;
  readonly #page: TabContext;
  readonly #fields = h('div', { class: 'gates-controls' });
  readonly #compare: HTMLButtonElement;
  readonly #note = h('p', { class: 'verdict', role: 'status' });
  readonly #result = h('div', { class: 'ranking-tables' });
  readonly #steps = [h('select', { id: 'checkpoint-a' }), h('select', { id: 'checkpoint-b' })] as const;
  readonly #passage = h('textarea', { id: 'checkpoint-passage', rows: 3 });
  readonly #read: HTMLButtonElement;
  readonly #reading: ReadingView;
  #runs: Pair | undefined;
  #shown = '';

  constructor(page: TabContext) {
    this.#page = page;
    this.#reading = new ReadingView(page);
    this.#compare = button(l10n.t('Compare checkpoints'), {}, () => this.#load());
    this.#read = button(l10n.t('Read the passage'), {}, () => this.#loadReadings());
    const label = l10n.t('Passage to read; empty: the end of the text of the first run');
    this.element = h(
      'section',
      { class: 'ranking checkpoints', 'aria-labelledby': 'checkpoints', hidden: true },
      h('h2', { id: 'checkpoints' }, l10n.t('Checkpoints')),
      this.#fields,
      this.#note,
      this.#result,
      h(
        'div',
        { class: 'checkpoints-passage' },
        h('label', { for: this.#passage.id }, label),
        this.#passage,
        this.#read,
      ),
      this.#reading.element,
    );
  }

  /** Offers the checkpoints of one run or of two. */
  show(runs: readonly ComparableRun[]): void {
    const [a, b = a, ...others] = runs;
    this.#runs = a && b && others.length === 0 ? [a, b] : undefined;
    this.element.hidden = this.#runs === undefined;
    if (!this.#runs) return;
    const key = JSON.stringify(this.#runs.map(({ id, state, label }) => [id, state, label]));
    if (key === this.#shown) return;
    this.#shown = key;
    this.#result.replaceChildren();
    this.#reading.hide();
    setText(this.#note, '');
    this.#offer(this.#runs, key);
  }

  #offer(runs: Pair, key: string): void {
    this.#page.host.checkpointSteps([runs[0].id, runs[1].id]).then(
      (steps) => this.#shown === key && this.#fill(runs, steps),
      (error: unknown) => this.#shown === key && setText(this.#note, messageOf(error)),
    );
  }

  #fill(runs: Pair, steps: readonly [readonly number[], readonly number[]]): void {
    const isOneRun = runs[0].id === runs[1].id;
    this.#steps.forEach((select, place) => {
      const own = steps[place] ?? [];
      select.replaceChildren(...own.map((step) => h('option', { value: step }, formatCount(step))));
      // Of one run its first checkpoint is compared with its last one.
      select.value = String((isOneRun && place === 0 ? own[0] : own.at(-1)) ?? '');
    });
    const isPossible = steps.every(({ length }) => length > 0) && !(isOneRun && steps[0].length < 2);
    for (const each of [this.#compare, this.#read]) each.disabled = !isPossible;
    if (!isPossible) setText(this.#note, l10n.t('There are not two checkpoints to compare yet.'));
    this.#fields.replaceChildren(
      ...this.#steps.map((select, place) => {
        const run = runs[place]?.label ?? '';
        const label = place === 0 ? l10n.t('A: {0}, step', run) : l10n.t('B: {0}, step', run);
        return h('span', { class: 'field' }, h('label', { for: select.id }, label), select);
      }),
      this.#compare,
    );
  }

  #load(): void {
    const pair = this.#chosen;
    if (!pair) return;
    this.#request(this.#page.host.compareWeights(pair), (difference) => this.#showWeights(difference));
  }

  #loadReadings(): void {
    const pair = this.#chosen;
    if (!pair) return;
    const options = { ...WRITTEN, passage: this.#passage.value || null };
    this.#reading.hide();
    this.#request(this.#page.host.compareReadings({ ...pair, options }), (readings) => {
      setText(this.#note, '');
      if (this.#passage.value === '') this.#passage.value = readings.passage;
      this.#reading.show(readings);
    });
  }

  /** The chosen checkpoints. */
  get #chosen(): CheckpointPair | undefined {
    const runs = this.#runs;
    if (!runs) return undefined;
    return { runs: [runs[0].id, runs[1].id], steps: [Number(this.#steps[0].value), Number(this.#steps[1].value)] };
  }

  /** Waits for an answer, and ignores it if other runs are shown meanwhile. */
  #request<Answer>(answer: Promise<Answer>, show: (answer: Answer) => void): void {
    const key = this.#shown;
    setText(this.#note, l10n.t('Comparing...'));
    answer.then(
      (given) => this.#shown === key && show(given),
      (error: unknown) => this.#shown === key && setText(this.#note, messageOf(error)),
    );
  }

  #showWeights({ changes, unmatched }: WeightDifference): void {
    setText(
      this.#note,
      unmatched.length === 0
        ? ''
        : l10n.t('Tensors that only one checkpoint has, or of different shapes: {0}.', unmatched.join(', ')),
    );
    this.#result.replaceChildren(
      table(
        l10n.t('Change of the weights, largest relative change first'),
        [l10n.t('Tensor'), l10n.t('Shape'), l10n.t('Norm of the change'), l10n.t('Relative to the weights')],
        changes.map(({ tensor, shape, norm, relative }) => [
          code(tensor),
          shape.join(' × '),
          norm === null ? l10n.t('not finite') : norm.toPrecision(4),
          relative === null ? l10n.t('no value') : relative.toPrecision(4),
        ]),
      ),
    );
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
