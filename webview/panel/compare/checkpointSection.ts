import * as l10n from '@vscode/l10n';
import type { ComparableRun } from '../../../src/protocol/comparison.ts';
import type { WeightDifference } from '../../../src/protocol/difference.ts';
import { formatCount } from '../../charts/number.ts';
import { button, h, setText } from '../../dom.ts';
import type { TabContext } from '../tabs/tab.ts';
import { code, table } from './differenceTable.ts';

type Pair = readonly [ComparableRun, ComparableRun];

/** Section "Checkpoints": change of the weights between two checkpoints of one run or of two. */
export class CheckpointSection {
  readonly element: HTMLElement;
  readonly #page: TabContext;
  readonly #fields = h('div', { class: 'gates-controls' });
  readonly #compare: HTMLButtonElement;
  readonly #note = h('p', { class: 'verdict', role: 'status' });
  readonly #result = h('div', { class: 'ranking-tables' });
  readonly #steps = [h('select', { id: 'checkpoint-a' }), h('select', { id: 'checkpoint-b' })] as const;
  #runs: Pair | undefined;
  #shown = '';

  constructor(page: TabContext) {
    this.#page = page;
    this.#compare = button(l10n.t('Compare checkpoints'), {}, () => this.#load());
    this.element = h(
      'section',
      { class: 'ranking checkpoints', 'aria-labelledby': 'checkpoints', hidden: true },
      h('h2', { id: 'checkpoints' }, l10n.t('Checkpoints')),
      this.#fields,
      this.#note,
      this.#result,
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
    this.#compare.disabled = !isPossible;
    if (!isPossible) setText(this.#note, l10n.t('There are not two checkpoints to compare yet.'));
    this.#fields.replaceChildren(
      ...this.#steps.map((select, place) => {
        const label = l10n.t('{0}, step', runs[place]?.label ?? '');
        return h('span', { class: 'field' }, h('label', { for: select.id }, label), select);
      }),
      this.#compare,
    );
  }

  #load(): void {
    const runs = this.#runs;
    if (!runs) return;
    const key = this.#shown;
    const [from, to] = [Number(this.#steps[0].value), Number(this.#steps[1].value)];
    setText(this.#note, l10n.t('Comparing...'));
    this.#page.host.compareWeights({ runs: [runs[0].id, runs[1].id], steps: [from, to] }).then(
      (difference) => this.#shown === key && this.#showWeights(difference),
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
