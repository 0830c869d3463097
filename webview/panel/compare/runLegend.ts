import type { ComparableRun } from '../../../src/protocol/comparison.ts';
import { formatCount } from '../../charts/number.ts';
import { button, h, swatch } from '../../dom.ts';
import { formatLoss } from '../format.ts';
import type { LineStyle } from './lineStyles.ts';

/** The runs that are compared, each with its stroke; it stays in sight while the charts are scrolled. */
export class RunLegend {
  readonly element = h('ul', { class: 'run-legend', 'aria-label': 'Runs compared' });
  readonly #remove: (id: string) => void;
  #shown = '';

  constructor(remove: (id: string) => void) {
    this.#remove = remove;
  }

  /** @param own the run that the panel is about */
  show(runs: readonly ComparableRun[], styles: ReadonlyMap<string, LineStyle>, own: string): void {
    const words = JSON.stringify([runs, [...styles], own]);
    if (words === this.#shown) return;
    this.#shown = words;
    const focused = document.activeElement instanceof HTMLElement ? document.activeElement.dataset.remove : undefined;
    this.element.replaceChildren(...runs.map((run) => this.#item(run, styles.get(run.id), run.id === own)));
    // Keeps the keyboard's place, on the next run where this one has gone.
    if (focused !== undefined)
      (
        this.element.querySelector<HTMLElement>(`[data-remove="${CSS.escape(focused)}"]`) ??
        this.element.querySelector('button')
      )?.focus();
  }

  #item(
    { id, name, summary, step, state, loss }: ComparableRun,
    style: LineStyle | undefined,
    own: boolean,
  ): HTMLLIElement {
    const facts = `${own ? 'this run, ' : ''}${state}, step ${formatCount(step)}${loss === null ? '' : `, ${formatLoss(loss)}`}`;
    return h(
      'li',
      {},
      ...(style ? [swatch(style.color, style.dash)] : []),
      h('span', { class: 'run-name' }, `${summary} · ${name}`),
      h('span', { class: 'unit' }, facts),
      button('Remove', { class: 'tool', 'data-remove': id, 'aria-label': `Remove ${summary}, ${name}` }, () =>
        this.#remove(id),
      ),
    );
  }
}
