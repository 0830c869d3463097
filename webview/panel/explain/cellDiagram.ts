import { svg } from '../../dom.ts';
import type { Drawing, NodeId } from './drawings.ts';
import { formatValue, signClass } from './numbers.ts';
import { type Selection, selects } from './selection.ts';

/** Size of a node in the units of a drawing. */
const [WIDTH, HEIGHT] = [84, 38];
/** Length of an arrow's tip. */
const TIP = 6;

/** Content of a node. */
export interface NodeContent {
  readonly symbol: string;
  readonly name: string;
  /** Null for a node without a number. */
  readonly value: number | null;
  /** Null for a node that explains nothing. */
  readonly selection: Selection | null;
}

/** A cell at one step, drawn with its numbers. Nodes are buttons that select what is explained. */
export class CellDiagram {
  readonly element: SVGSVGElement;
  readonly #select: (selection: Selection) => void;

  constructor(label: string, select: (selection: Selection) => void) {
    this.#select = select;
    this.element = svg('svg', { class: 'cell-diagram', role: 'group', 'aria-label': label });
  }

  show(drawing: Drawing, contentOf: (node: NodeId) => NodeContent | null): void {
    const { width, height, nodes, arrows } = drawing;
    this.element.setAttribute('viewBox', `0 0 ${width} ${height}`);
    this.element.style.maxWidth = `${width * 1.25}px`;
    const placed = (Object.entries(nodes) as [NodeId, readonly [number, number]][]).flatMap(([id, center]) => {
      const content = contentOf(id);
      return content ? [{ id, center, content }] : [];
    });
    const largest = placed.reduce((most, { content }) => Math.max(most, Math.abs(content.value ?? 0)), 0);
    const centers = new Map(placed.map(({ id, center }) => [id, center]));
    this.element.replaceChildren(
      ...arrows.flatMap(([from, to]) => {
        const [start, end] = [centers.get(from), centers.get(to)];
        return start && end ? [arrow(start, end)] : [];
      }),
      ...placed.map(({ id, center, content }) => this.#node(id, center, content, largest)),
    );
  }

  #node(id: NodeId, [x, y]: readonly [number, number], content: NodeContent, largest: number): SVGGElement {
    const { symbol, name, value, selection } = content;
    const text = value === null ? '' : formatValue(value);
    const box = svg('rect', { x: x - WIDTH / 2, y: y - HEIGHT / 2, width: WIDTH, height: HEIGHT, rx: 4 });
    box.style.setProperty('--size', String(largest === 0 ? 0 : Math.abs(value ?? 0) / largest));
    const group = svg(
      'g',
      {
        class: `cell-node ${value === null ? '' : signClass(value)}`.trim(),
        'data-node': id,
        ...(selection && {
          role: 'button',
          tabindex: 0,
          'aria-label': `${name}, ${symbol}: ${text}`,
          'data-key': `node ${id}`,
        }),
      },
      box,
      label(symbol, x, y - 4, 'symbol'),
      label(text, x, y + 12, 'value'),
    );
    if (selection) selects(group, selection, this.#select);
    return group;
  }
}

function label(text: string, x: number, y: number, className: string): SVGTextElement {
  return svg('text', { x, y, 'text-anchor': 'middle', class: className }, document.createTextNode(text));
}

/** Arrow from the edge of one node to that of another. */
function arrow([x1, y1]: readonly [number, number], [x2, y2]: readonly [number, number]): SVGPathElement {
  const [dx, dy] = [x2 - x1, y2 - y1];
  const edge = Math.min(
    dx === 0 ? Infinity : WIDTH / 2 / Math.abs(dx),
    dy === 0 ? Infinity : HEIGHT / 2 / Math.abs(dy),
  );
  const length = Math.hypot(dx, dy);
  const [ux, uy] = [dx / length, dy / length];
  const [fromX, fromY] = [x1 + dx * edge, y1 + dy * edge];
  const [toX, toY] = [x2 - dx * edge, y2 - dy * edge];
  const wing = (side: number) => `${toX - TIP * ux + (side * TIP * uy) / 2} ${toY - TIP * uy - (side * TIP * ux) / 2}`;
  return svg('path', {
    class: 'cell-arrow',
    d: `M ${fromX} ${fromY} L ${toX} ${toY} M ${wing(1)} L ${toX} ${toY} L ${wing(-1)}`,
    'aria-hidden': 'true',
  });
}
