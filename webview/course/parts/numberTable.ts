import * as l10n from '@vscode/l10n';
import { h, setText } from '../../dom.ts';

/** Numbers over named rows and columns. */
export interface NumberTableContent {
  readonly rows: readonly string[];
  readonly columns: readonly string[];
  /** `[rows, columns]`, row-major. */
  readonly values: readonly number[];
}

/** Table of numbers that the user can type over. */
export class NumberTable {
  readonly element: HTMLElement;
  readonly #title: string;
  readonly #corner: string;
  readonly #change: (row: number, column: number, value: number) => void;
  readonly #head = h('thead');
  readonly #body = h('tbody');
  readonly #message = h('p', { class: 'message bad', role: 'alert' });
  #inputs: readonly HTMLInputElement[] = [];
  /** Rows and columns of the inputs. */
  #outline = '';

  /**
   * @param corner name of the rows
   * @param change called with a number that the user has typed
   */
  constructor(title: string, corner: string, change: (row: number, column: number, value: number) => void) {
    this.#title = title;
    this.#corner = corner;
    this.#change = change;
    this.element = h(
      'section',
      { class: 'block', 'aria-label': title },
      h('h2', {}, title),
      h('div', { class: 'points number-table' }, h('table', {}, this.#head, this.#body)),
      this.#message,
    );
  }

  show({ rows, columns, values }: NumberTableContent): void {
    const outline = JSON.stringify([rows, columns]);
    if (outline !== this.#outline) this.#build(rows, columns);
    this.#outline = outline;
    this.#inputs.forEach((input, at) => {
      if (document.activeElement !== input) input.value = String(Number((values[at] ?? 0).toPrecision(6)));
    });
  }

  /** Shows what is wrong with the table, or nothing if the message is empty. */
  problem(message: string): void {
    setText(this.#message, message);
  }

  #build(rows: readonly string[], columns: readonly string[]): void {
    this.#head.replaceChildren(
      h('tr', {}, ...[this.#corner, ...columns].map((name) => h('th', { scope: 'col' }, name))),
    );
    this.#inputs = rows.flatMap((row, i) =>
      columns.map((column, j) => this.#input(i, j, `${row}, ${column}`, columns.length)),
    );
    this.#body.replaceChildren(
      ...rows.map((row, i) =>
        h(
          'tr',
          {},
          h('th', { scope: 'row' }, row),
          ...this.#inputs.slice(i * columns.length, (i + 1) * columns.length).map((input) => h('td', {}, input)),
        ),
      ),
    );
  }

  #input(row: number, column: number, name: string, width: number): HTMLInputElement {
    const input = h('input', { type: 'text', inputmode: 'decimal', size: 6, 'aria-label': `${this.#title}: ${name}` });
    input.addEventListener('input', () => {
      const value = Number(input.value.replace(',', '.'));
      const valid = input.value.trim() !== '' && Number.isFinite(value);
      input.setAttribute('aria-invalid', String(!valid));
      this.problem(valid ? '' : l10n.t('{0}: "{1}" is not a number.', name, input.value));
      if (valid) this.#change(row, column, value);
    });
    input.addEventListener('keydown', ({ key }) => {
      const step = { ArrowUp: -width, ArrowDown: width, Enter: width }[key];
      if (step !== undefined) this.#inputs[row * width + column + step]?.focus();
    });
    return input;
  }
}
