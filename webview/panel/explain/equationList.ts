import { h } from '../../dom.ts';
import { formula } from '../../math/formula.ts';
import { formatValue, signClass } from './numbers.ts';
import type { NumberPiece, Piece, Quantity } from './quantities.ts';
import { type Selection, selects } from './selection.ts';

/** Key of the number on the left side of an equation. */
const RESULT = 'result';

/** Equations of a cell, each typeset and with its numbers, which select their terms. */
export class EquationList {
  readonly element = h('div', { class: 'equations' });
  readonly #select: (selection: Selection) => void;

  constructor(select: (selection: Selection) => void) {
    this.#select = select;
  }

  show(quantities: readonly Quantity[]): void {
    this.element.replaceChildren(...quantities.map((quantity) => this.#equation(quantity)));
  }

  #equation(quantity: Quantity): HTMLElement {
    const { id, symbol, name, value, formulas, numbers } = quantity;
    const result = this.#number({ value, name, group: null }, id, RESULT);
    return h(
      'div',
      { class: 'equation', 'data-quantity': id },
      h('p', { class: 'equation-name' }, name),
      ...formulas.map((each) => h('p', { class: 'equation-formula' }, formula(each, true))),
      h(
        'p',
        { class: 'equation-numbers' },
        `${symbol} = `,
        ...numbers.map((piece, i) => this.#piece(piece, id, String(i))),
        ...(numbers.length > 0 ? [' = '] : []),
        result,
      ),
    );
  }

  #piece(piece: Piece, quantity: string, key: string): Node | string {
    if (typeof piece === 'string') return piece;
    if (piece.group === null) return h('span', { title: piece.name }, textOf(piece));
    return this.#number(piece, quantity, key);
  }

  #number(piece: NumberPiece, quantity: string, key: string): HTMLButtonElement {
    const element = h(
      'button',
      {
        type: 'button',
        class: `number ${signClass(piece.value)}${key === RESULT ? ' result' : ''}`,
        title: piece.name,
        'aria-label': `${piece.name}: ${formatValue(piece.value)}`,
        'data-key': `${quantity} ${key}`,
      },
      textOf(piece),
    );
    selects(element, { quantity, group: piece.group }, this.#select);
    return element;
  }
}

function textOf({ value, unsigned = false }: NumberPiece): string {
  return formatValue(unsigned ? Math.abs(value) : value);
}
