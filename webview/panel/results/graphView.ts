import * as l10n from '@vscode/l10n';
import { formatNumber } from '../../charts/number.ts';
import { h, setText, svg } from '../../dom.ts';
import type { ReportBlock } from '../../../src/protocol/report.ts';
import { BlockFrame, type BlockView } from './blockView.ts';
import { arrowPath, circleOf, namePlace, SIZE, type Circle } from './graphLayout.ts';
import { say } from '../../../src/phrases/phrase.ts';

type GraphBlock = Extract<ReportBlock, { kind: 'graph' }>;
type Edge = GraphBlock['edges'][number];

/** Above this number of arrows, those of a weight below FAINT are hidden at first. */
const MANY_ARROWS = 40;
const FAINT = 0.05;
/** Width of an arrow of weight 1, in units of the drawing. */
const MAX_WIDTH = 6;

let lastId = 0;

/** View of a graph: a diagram, and a table of its arrows. */
export class GraphView implements BlockView {
  readonly #picture;
  readonly #defs;
  readonly #minWeight = h('input', { type: 'range', min: 0, max: 0.5, step: 0.01, value: 0 });
  readonly #minWeightLabel = h('output', { class: 'unit' });
  readonly #rows = h('tbody');
  readonly #frame: BlockFrame;
  readonly #tip: string;
  #shown: GraphBlock | null = null;

  constructor(title: string) {
    this.#tip = `arrow-tip-${++lastId}`;
    const tip = svg('path', { d: 'M0,0 L8,4 L0,8 Z', class: 'tip' });
    this.#defs = svg(
      'defs',
      {},
      svg(
        'marker',
        {
          id: this.#tip,
          viewBox: '0 0 8 8',
          refX: 7,
          refY: 4,
          markerWidth: 9,
          markerHeight: 9,
          markerUnits: 'userSpaceOnUse',
          orient: 'auto',
        },
        tip,
      ),
    );
    this.#picture = svg('svg', {
      class: 'graph',
      viewBox: `0 0 ${SIZE} ${SIZE}`,
      role: 'img',
      'aria-label': l10n.t('{0}: diagram; the table below has the same data', title),
    });
    this.#minWeight.addEventListener('input', () => this.#draw());
    const heads = [
      h('th', { scope: 'col', class: 'text' }, l10n.t('From')),
      h('th', { scope: 'col', class: 'text' }, l10n.t('To')),
      h('th', { scope: 'col', class: 'number' }, l10n.t('Weight')),
    ];
    const table = h('table', { class: 'result-table' }, h('thead', {}, h('tr', {}, ...heads)), this.#rows);
    this.#frame = new BlockFrame(
      title,
      h('label', { class: 'min-weight' }, l10n.t('Minimum weight'), ' ', this.#minWeight, this.#minWeightLabel),
      this.#picture,
      h(
        'details',
        {},
        h('summary', {}, l10n.t('Table of the arrows')),
        h(
          'div',
          { class: 'points', role: 'region', tabindex: '0', 'aria-label': l10n.t('{0}: table of the arrows', title) },
          table,
        ),
      ),
    );
  }

  get element(): HTMLElement {
    return this.#frame.element;
  }

  show(block: ReportBlock): void {
    if (block.kind !== 'graph') return;
    if (!this.#shown) this.#minWeight.value = String(block.edges.length > MANY_ARROWS ? FAINT : 0);
    this.#shown = block;
    this.#frame.note(say(block.note));
    const nameOf = (node: number) => block.nodes[node]?.name ?? '';
    const strongestFirst = [...block.edges].sort((a, b) => b.weight - a.weight);
    this.#rows.replaceChildren(
      ...strongestFirst.map(({ from, to, weight }) =>
        h(
          'tr',
          {},
          h('th', { scope: 'row', class: 'text' }, nameOf(from)),
          h('td', { class: 'text' }, nameOf(to)),
          h('td', { class: 'number' }, formatNumber(weight)),
        ),
      ),
    );
    this.#draw();
  }

  refresh(): void {
    // The browser keeps the drawing.
  }

  #draw(): void {
    const graph = this.#shown;
    if (!graph) return;
    const minWeight = Number(this.#minWeight.value);
    const circle = circleOf(graph.nodes.length);
    const edges = graph.edges
      .filter(({ weight }) => weight > 0 && weight >= minWeight)
      .sort((a, b) => a.weight - b.weight);
    setText(this.#minWeightLabel, l10n.t('{0}: {1} of {2}', formatNumber(minWeight), edges.length, graph.edges.length));
    this.#picture.replaceChildren(
      this.#defs,
      ...edges.map((edge) => this.#arrow(graph, circle, edge)),
      ...graph.nodes.map((node, i) => drawNode(node, circle, i)),
    );
  }

  #arrow({ nodes }: GraphBlock, circle: Circle, { from, to, weight }: Edge): SVGElement {
    const label = l10n.t('{0} to {1}: {2}', nodes[from]?.name ?? '', nodes[to]?.name ?? '', formatNumber(weight));
    const attributes = {
      class: 'arrow',
      d: arrowPath(circle, from, to),
      'stroke-width': (0.6 + MAX_WIDTH * Math.min(weight, 1)).toFixed(2),
      'stroke-opacity': Math.min(1, 0.35 + weight).toFixed(2),
      'marker-end': `url(#${this.#tip})`,
    };
    return svg('path', attributes, tooltip(label));
  }
}

function drawNode({ name, note }: GraphBlock['nodes'][number], circle: Circle, index: number): SVGElement {
  const { x, y } = circle.centers[index] ?? { x: 0, y: 0 };
  const place = namePlace(circle, index);
  const text = svg('text', { x: place.x, y: place.y, 'text-anchor': place.anchor, 'dominant-baseline': 'central' });
  text.textContent = name.length > 12 ? `${name.slice(0, 11)}…` : name;
  return svg(
    'g',
    { class: 'node' },
    tooltip(note === '' ? name : `${name}: ${say(note)}`),
    svg('circle', { cx: x, cy: y, r: circle.radius }),
    text,
  );
}

/** Creates the tooltip of an SVG element. */
function tooltip(text: string): SVGTitleElement {
  const title = svg('title', {});
  title.textContent = text;
  return title;
}
