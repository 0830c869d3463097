import * as l10n from '@vscode/l10n';
import { formatNumber } from '../../charts/number.ts';
import { h } from '../../dom.ts';
import { BlockFrame } from '../../panel/results/blockView.ts';

/** Numbers over named rows and columns, for reading. */
export interface NumberGridContent {
  /** Name of the rows. */
  readonly corner: string;
  readonly rows: readonly string[];
  readonly columns: readonly string[];
  /** `[rows, columns]`, row-major. */
  readonly values: readonly number[];
  /** Sentence that explains the numbers. */
  readonly note: string;
  /** Class of a cell, such as "excluded"; omitted for none. */
  readonly classOf?: (row: number, column: number) => string;
  /** Text of a cell in place of its value; undefined for the value. */
  readonly textOf?: (row: number, column: number) => string | undefined;
}

/** A small matrix with its numbers. The background of a cell grows with the size of its value. */
export class NumberGrid {
  readonly #frame: BlockFrame;
  readonly #head = h('tr');
  readonly #body = h('tbody');

  constructor(title: string) {
    this.#frame = new BlockFrame(
      title,
      h(
        'div',
        { class: 'points number-grid', role: 'region', tabindex: '0', 'aria-label': l10n.t('{0}: table', title) },
        h('table', {}, h('thead', {}, this.#head), this.#body),
      ),
    );
  }

  get element(): HTMLElement {
    return this.#frame.element;
  }

  show({ corner, rows, columns, values, note, classOf = () => '', textOf = () => undefined }: NumberGridContent): void {
    this.#frame.note(note);
    this.#head.replaceChildren(...[corner, ...columns].map((name) => h('th', { scope: 'col' }, name)));
    const largest = values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
    this.#body.replaceChildren(
      ...rows.map((row, i) =>
        h(
          'tr',
          {},
          h('th', { scope: 'row' }, row),
          ...columns.map((_, j) => {
            const value = values[i * columns.length + j] ?? 0;
            const cell = h(
              'td',
              { class: `${value < 0 ? 'negative' : ''} ${classOf(i, j)}`.trim() },
              textOf(i, j) ?? formatNumber(value),
            );
            cell.style.setProperty('--size', String(largest === 0 ? 0 : Math.abs(value) / largest));
            return cell;
          }),
        ),
      ),
    );
  }
}
