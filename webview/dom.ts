import type { LineColor } from './charts/spec.ts';
import type { Text } from '../src/phrases/phrase.ts';

/** Attributes of an element: true sets an empty attribute, false omits it. */
type Attributes = Readonly<Record<string, string | number | boolean>>;

/** Creates an element. Strings become text nodes, never markup. */
export function h<K extends keyof HTMLElementTagNameMap>(
  name: K,
  attributes: Attributes = {},
  ...children: readonly (Node | string)[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) setAttribute(element, key, value);
  element.append(...children);
  return element;
}

/** Attribute of an element that shows a text: it is not to be translated if it is a name, or other data. */
export function untranslatedName(text: Text | number): Attributes {
  return typeof text === 'string' ? { translate: 'no' } : {};
}

/** Creates a button with a text label. */
export function button(label: string, attributes: Attributes, onClick: () => void): HTMLButtonElement {
  const element = h('button', { type: 'button', ...attributes }, label);
  element.addEventListener('click', onClick);
  return element;
}

/** Sets a text if it differs: live regions announce changes only, and unchanged text causes no layout. */
export function setText(node: Node, text: string): void {
  if (node.textContent !== text) node.textContent = text;
}

/** True unless an element is outside of the document or in a part that is hidden by its attribute. Causes no layout. */
export function isShown(element: Element): boolean {
  return element.isConnected && element.closest('[hidden]') === null;
}

const SVG = 'http://www.w3.org/2000/svg';

/** Creates an SVG element. */
export function svg<K extends keyof SVGElementTagNameMap>(
  name: K,
  attributes: Attributes,
  ...children: readonly Node[]
): SVGElementTagNameMap[K] {
  const element = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) setAttribute(element, key, value);
  element.append(...children);
  return element;
}

/** Creates a legend swatch: a short line in a curve's color and dash. The style sheet has the colors of the theme by class. */
export function swatch(color: LineColor, dash: readonly number[]): SVGSVGElement {
  const line = svg('line', {
    x1: 0,
    y1: 4,
    x2: 22,
    y2: 4,
    'stroke-dasharray': dash.join(' '),
    // Without blurred edges: short dashes would have no pixel in the color of the curve.
    'shape-rendering': 'crispEdges',
  });
  const className = typeof color === 'number' || color.startsWith('#') ? '' : color;
  const element = svg('svg', { class: `swatch ${className}`, viewBox: '0 0 22 8', 'aria-hidden': 'true' }, line);
  if (className === '') element.style.color = runCssColor(color);
  return element;
}

/** CSS color of a run: the variable of its slot in the style sheet, or the color that the user has chosen. */
export function runCssColor(color: number | string): string {
  return typeof color === 'number' ? `var(--run-${color})` : color;
}

function setAttribute(element: Element, key: string, value: string | number | boolean): void {
  if (value === false) return;
  element.setAttribute(key, value === true ? '' : String(value));
}
