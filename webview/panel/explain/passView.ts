import * as l10n from '@vscode/l10n';
import { h } from '../../dom.ts';
import { CellDiagram, type NodeContent } from './cellDiagram.ts';
import type { Drawing, NodeId } from './drawings.ts';
import { EquationList } from './equationList.ts';
import type { Quantity } from './quantities.ts';
import { keepingFocus, markSelected, type Selection } from './selection.ts';
import { TermTables } from './termTables.ts';

/** Content of a pass at one step. */
export interface PassContent {
  readonly drawing: Drawing;
  /** Content of a node; null for a node that is not drawn. */
  readonly contentOf: (node: NodeId) => NodeContent | null;
  /** Quantities with an equation. */
  readonly quantities: readonly Quantity[];
  /** Quantities without an equation of their own. */
  readonly others: readonly Quantity[];
}

/**
 * One pass at one step: the cell as a drawing, the terms of the selected quantity, and the equations with their
 * numbers. The pointer and the focus select quantities.
 */
export class PassView {
  readonly element: HTMLElement;
  readonly #diagram: CellDiagram;
  readonly #terms = new TermTables();
  readonly #equations: EquationList;
  #content: PassContent | undefined;
  /** Undefined before the user selects something: the first quantity is explained. */
  #selection: Selection | undefined;

  /**
   * @param below elements after the equations, whose buttons also select quantities
   */
  constructor(label: string, below: (select: (selection: Selection) => void) => readonly HTMLElement[] = () => []) {
    const select = (selection: Selection) => this.#select(selection);
    this.#diagram = new CellDiagram(label, select);
    this.#equations = new EquationList(select);
    this.element = h(
      'div',
      { class: 'pass' },
      h('div', { class: 'pass-overview' }, this.#diagram.element, this.#terms.element),
      h('h2', {}, l10n.t('Equations with their numbers')),
      this.#equations.element,
      ...below(select),
    );
  }

  /** @param renderBelow renders what is below the equations */
  show(content: PassContent, renderBelow: () => void = () => undefined): void {
    this.#content = content;
    keepingFocus(this.element, () => {
      this.#diagram.show(content.drawing, content.contentOf);
      this.#equations.show(content.quantities);
      renderBelow();
    });
    this.#showTerms();
  }

  #select(selection: Selection): void {
    this.#selection = selection;
    this.#showTerms();
  }

  #showTerms(): void {
    const { quantities = [], others = [] } = this.#content ?? {};
    const all = [...quantities, ...others];
    const selected = all.find(({ id }) => id === this.#selection?.quantity);
    const chosen = selected ?? quantities[0];
    if (!chosen) return;
    const group = selected ? (this.#selection?.group ?? null) : null;
    this.#terms.show(chosen, group);
    markSelected(this.element, { quantity: chosen.id, group });
  }
}
