import * as l10n from '@vscode/l10n';
import type { ComparableRun } from '../../../src/protocol/comparison.ts';
import { stateName } from '../../../src/protocol/stateName.ts';
import { formatCount } from '../../charts/number.ts';
import { button, h, swatch } from '../../dom.ts';
import { formatLoss } from '../format.ts';
import type { LineStyle } from './lineStyles.ts';

/** Legend of the compared runs. It stays visible while the charts are scrolled. */
export class RunLegend {
  readonly element = h('ul', { class: 'run-legend', 'aria-label': l10n.t('Runs compared') });
  readonly #remove: (id: string) => void;
  #shown = '';

  constructor(remove: (id: string) => void) {
    this.#remove = remove;
  }

  /** @param currentId id of the run that the panel shows */
  show(runs: readonly ComparableRun[], styles: ReadonlyMap<string, LineStyle>, currentId: string): void {
    const key = JSON.stringify([runs, [...styles], currentId]);
    if (key === this.#shown) return;
    this.#shown = key;
    const focused = document.activeElement instanceof HTMLElement ? document.activeElement.dataset.remove : undefined;
    this.element.replaceChildren(...runs.map((run) => this.#item(run, styles.get(run.id), run.id === currentId)));
    // Keeps the focus on its button, or moves it to the first one if the run was removed.
    if (focused !== undefined)
      (
        this.element.querySelector<HTMLElement>(`[data-remove="${CSS.escape(focused)}"]`) ??
        this.element.querySelector('button')
      )?.focus();
  }

  #item(
    { id, label, name, summary, step, state, loss }: ComparableRun,
    style: LineStyle | undefined,
    isCurrent: boolean,
  ): HTMLLIElement {
    const facts = [
      ...(isCurrent ? [l10n.t('this run')] : []),
      stateName(state),
      l10n.t('step {0}', formatCount(step)),
      ...(loss === null ? [] : [formatLoss(loss)]),
    ].join(', ');
    return h(
      'li',
      {},
      ...(style ? [swatch(style.color, style.dash)] : []),
      h('span', { class: 'run-name', title: `${summary} · ${name}` }, label),
      h('span', { class: 'unit' }, facts),
      button(l10n.t('Remove'), { class: 'tool', 'data-remove': id, 'aria-label': l10n.t('Remove {0}', label) }, () =>
        this.#remove(id),
      ),
    );
  }
}
