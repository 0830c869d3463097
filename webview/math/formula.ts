import type { FormulaId } from './formulas.ts';
import rendered from './formulas.json' with { type: 'json' };

/** True if a formula with this id exists. */
export function isFormulaId(id: string): id is FormulaId {
  return Object.hasOwn(rendered, id);
}

/**
 * Creates a typeset formula as MathML, which follows the page's color and font size and is read by screen readers.
 * @param display true for a block of its own, with large operators; false for a formula within a sentence
 */
export function formula(id: FormulaId, display = false): Element {
  const document = new DOMParser().parseFromString(rendered[id], 'application/xml');
  const element = window.document.importNode(document.documentElement, true);
  if (display) element.setAttribute('display', 'block');
  return element;
}
