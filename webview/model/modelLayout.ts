import * as l10n from '@vscode/l10n';
import type { GraphLayer, GraphPart, ModelGraph } from './modelGraph.ts';

interface Point {
  readonly x: number;
  readonly y: number;
}

/** A box of a layer at a step. */
export interface LayerBox extends Point {
  readonly width: number;
  readonly height: number;
  /** Text in the box; two arrows for a layer that reads in both directions. */
  readonly text: string;
  readonly halves: boolean;
}

/** A connection: up from layer to layer, from step to step, over steps that are left out, or to the attention. */
export interface Connection {
  readonly kind: 'up' | 'state' | 'skip' | 'attention';
  readonly points: readonly Point[];
  readonly arrow: boolean;
}

interface Label extends Point {
  readonly text: string;
  readonly anchor: 'start' | 'middle';
  readonly muted: boolean;
}

/** Places of everything in the picture of a model, in pixels; x and y of a box are its top left corner. */
export interface ModelLayout {
  readonly width: number;
  readonly height: number;
  readonly boxes: readonly LayerBox[];
  readonly connections: readonly Connection[];
  readonly labels: readonly Label[];
}

const BOX = { width: 76, height: 36 } as const;
const COLUMN = 100;
const ROW = 70;
const MARGIN = { top: 40, bottom: 40 } as const;
/** Estimated width of a character of the name, the shape and the parameters of a layer; the layout cannot measure text. */
const CHARACTER = 6.8;
/** Space between the parts. */
const BETWEEN = 40;
const LINE = 15;
/** Space between boxes beside each other. */
const GAP = 6;
/** Space before the first step, for the initial states. */
const BEFORE = 56;

/**
 * Places a model: the steps of its parts from left to right, its layers from the bottom up.
 * @param described true to write the name, the shape and the parameters of each layer beside its boxes
 */
export function layOutModel(graph: ModelGraph, described = true): ModelLayout {
  const rows = Math.max(...graph.parts.map(({ rows }) => rows.length));
  const height = MARGIN.top + rows * ROW + MARGIN.bottom;
  const drawing = new Drawing(graph, rows);
  const textOf = (part: GraphPart | undefined) => {
    const lines = described ? (part?.rows.flatMap(linesOf) ?? []) : [];
    return Math.ceil(CHARACTER * Math.max(0, ...lines.map(({ length }) => length)));
  };
  let left = textOf(graph.parts[0]);
  graph.parts.forEach((part, i) => {
    const isLast = i === graph.parts.length - 1;
    left += part.rows.flat().some(({ extent }) => extent === 'before') ? COLUMN : i === 0 ? BEFORE : BETWEEN;
    drawing.add(part, left);
    if (described && i === 0) drawing.describe(part, 0);
    left += part.inputs.length * COLUMN;
    if (described && isLast && i > 0) drawing.describe(part, left + 8);
  });
  const right = graph.parts.length > 1 ? textOf(graph.parts.at(-1)) : 0;
  return { width: left + right + 8, height, ...drawing.result };
}

/** Collects the boxes, connections and labels of the parts. */
class Drawing {
  readonly #graph: ModelGraph;
  readonly #rows: number;
  readonly #boxes: LayerBox[] = [];
  readonly #connections: Connection[] = [];
  readonly #labels: Label[] = [];
  /** Left edge of the part before. */
  #before: { readonly part: GraphPart; readonly left: number } | undefined;

  constructor(graph: ModelGraph, rows: number) {
    this.#graph = graph;
    this.#rows = rows;
  }

  get result() {
    return { boxes: this.#boxes, connections: this.#connections, labels: this.#labels };
  }

  add(part: GraphPart, left: number): void {
    const last = part.inputs.length - 1;
    part.rows.forEach((layers, row) => {
      layers.forEach((layer, i) => this.#layer(part, left, row, layer, i / layers.length, 1 / layers.length));
      if (layers.some(({ extent }) => extent === 'recurrent')) this.#states(part, left, row);
    });
    part.inputs.forEach((input, t) => {
      if (input === '') return;
      const first = part.rows.findIndex(([layer]) => layer?.extent !== 'before');
      const x = this.#center(left, t);
      this.#label(input, x, this.#bottom(first) + 24);
      this.#up(x, this.#bottom(first) + 14, this.#bottom(first));
    });
    part.outputs.forEach((output, t) => {
      if (output === '') return;
      const top = part.rows.length - 1;
      const isCentered = [top, top - 1].some((row) => part.rows[row]?.[0]?.extent === 'all');
      const x = this.#center(left, isCentered ? last / 2 : t);
      this.#label(output, x, this.#top(top) - 24);
      this.#up(x, this.#top(top), this.#top(top) - 14);
    });
    if (this.#graph.feedsOutputs) this.#feedOutputs(part, left);
    if (this.#before) this.#join(part, left, this.#before);
    this.#before = { part, left };
  }

  /** Writes the name, the shape and the parameters of each layer beside its row. */
  describe(part: GraphPart, x: number): void {
    part.rows.forEach((layers, row) =>
      linesOf(layers).forEach((text, i) =>
        this.#labels.push({ text, x, y: this.#middle(row) + (i - 1) * LINE, anchor: 'start', muted: i > 0 }),
      ),
    );
  }

  /** The boxes of a layer, and what they read from the row below. @param at, share place of a layer beside others */
  #layer(part: GraphPart, left: number, row: number, layer: GraphLayer, at: number, share: number): void {
    const last = part.inputs.length - 1;
    const below = part.rows[row - 1];
    const name = layer.extent === 'recurrent' ? this.#graph.cell : shortName(layer.name);
    const halves = layer.extent === 'recurrent' && part.bidirectional;
    const box = (x: number, width: number) =>
      this.#boxes.push({ x, y: this.#top(row), width, height: BOX.height, text: name, halves });
    if (layer.extent === 'before') {
      box(left - COLUMN + (COLUMN - BOX.width) / 2 - 8, BOX.width);
      return;
    }
    const from = this.#center(left, 0) - BOX.width / 2;
    const whole = last * COLUMN + BOX.width;
    const centers = part.inputs.map((_, t) => this.#center(left, t));
    const middle = from + (at + share / 2) * whole;
    if (layer.extent === 'all')
      box(from + at * whole + (share < 1 ? GAP / 2 : 0), share * whole - (share < 1 ? GAP : 0));
    const own = layer.extent === 'last' ? [below?.[0]?.extent === 'all' ? middle : this.#center(left, last)] : centers;
    if (layer.extent !== 'all') for (const x of own) box(x - BOX.width / 2, BOX.width);
    if (!below || below[0]?.extent === 'before') return;
    if (share < 1) this.#fromAll(centers, middle, row);
    else if (layer.extent === 'all' && below[0]?.extent === 'all')
      below.forEach((_, i) =>
        this.#up(from + ((i + 0.5) / below.length) * whole, this.#top(row - 1), this.#bottom(row)),
      );
    else for (const x of own) this.#up(x, this.#top(row - 1), this.#bottom(row));
  }

  /** A layer beside others that reads all steps of the row below. */
  #fromAll(centers: readonly number[], to: number, row: number): void {
    const bus = (this.#top(row - 1) + this.#bottom(row)) / 2;
    for (const x of centers) {
      const points = [
        { x, y: this.#top(row - 1) },
        { x, y: bus },
        { x: to, y: bus },
      ];
      this.#connections.push({ kind: 'up', points, arrow: false });
    }
    this.#up(to, bus, this.#bottom(row));
  }

  /** Arrows from step to step, in both directions if the layer reads in both. */
  #states(part: GraphPart, left: number, row: number): void {
    const half = BOX.width / 2;
    const steps = part.inputs.length;
    if (this.#graph.feedsOutputs) return;
    const offsets = part.bidirectional ? [-BOX.height / 4, BOX.height / 4] : [0];
    offsets.forEach((dy, direction) => {
      const y = this.#middle(row) + dy;
      for (let t = 1; t < steps; t++) {
        const points = [
          { x: this.#center(left, t - 1) + half, y },
          { x: this.#center(left, t) - half, y },
        ];
        const ordered = direction === 0 ? points : points.toReversed();
        this.#connections.push({ kind: t === steps - 1 ? 'skip' : 'state', points: ordered, arrow: true });
      }
    });
    this.#label(this.#graph.states, this.#center(left, 0.5), this.#top(row) - 7, true);
    const source = part.rows.findIndex(([layer]) => layer?.extent === 'before');
    if (source >= 0) {
      const from = { x: left - COLUMN / 2 - 8 + half, y: this.#middle(source) };
      const to = { x: this.#center(left, 0) - half, y: this.#middle(row) };
      const bend = (from.x + to.x) / 2;
      this.#connect('state', [from, { x: bend, y: from.y }, { x: bend, y: to.y }, to]);
    } else if (!this.#before) {
      const y = this.#middle(row) + (offsets[0] ?? 0);
      const to = { x: this.#center(left, 0) - half, y };
      this.#connect('state', [{ x: to.x - 26, y }, to]);
      this.#label('0', to.x - 33, y, true);
    }
  }

  /** Arrows from the output of each step to the lowest recurrent layer of the next one. */
  #feedOutputs(part: GraphPart, left: number): void {
    const row = part.rows.findIndex(([layer]) => layer?.extent === 'recurrent');
    const top = this.#top(part.rows.length - 1);
    const y = top - 8;
    for (let t = 1; t < part.inputs.length; t++) {
      const [from, to] = [this.#center(left, t - 1), this.#center(left, t)];
      const middle = (from + to) / 2;
      this.#connect(t === part.inputs.length - 1 ? 'skip' : 'state', [
        { x: from, y: top },
        { x: from, y },
        { x: middle, y },
        { x: middle, y: this.#middle(row) },
        { x: to - BOX.width / 2, y: this.#middle(row) },
      ]);
    }
  }

  /** States from the last step of a part to the first one of the next, and what an attention reads. */
  #join(part: GraphPart, left: number, before: { readonly part: GraphPart; readonly left: number }): void {
    const last = before.part.inputs.length - 1;
    const half = BOX.width / 2;
    part.rows.forEach(([layer], row) => {
      if (layer?.extent === 'recurrent' && !this.#graph.feedsOutputs)
        this.#connect('state', [
          { x: this.#center(before.left, last) + half, y: this.#middle(row) },
          { x: this.#center(left, 0) - half, y: this.#middle(row) },
        ]);
      if (!layer?.name.startsWith('attention')) return;
      const y = this.#middle(row);
      const top = this.#top(before.part.rows.length - 1);
      before.part.inputs.forEach((_, t) => {
        const x = this.#center(before.left, t);
        this.#connections.push({
          kind: 'attention',
          points: [
            { x, y: top },
            { x, y },
          ],
          arrow: false,
        });
      });
      this.#connect('attention', [
        { x: this.#center(before.left, 0), y },
        { x: this.#center(left, 0) - half, y },
      ]);
      for (let t = 1; t < part.inputs.length; t++)
        this.#connect('attention', [
          { x: this.#center(left, t - 1) + half, y },
          { x: this.#center(left, t) - half, y },
        ]);
    });
  }

  #connect(kind: Connection['kind'], points: readonly Point[]): void {
    this.#connections.push({ kind, points, arrow: true });
  }

  #up(x: number, from: number, to: number): void {
    this.#connect('up', [
      { x, y: from },
      { x, y: to },
    ]);
  }

  #label(text: string, x: number, y: number, muted = false): void {
    this.#labels.push({ text, x, y, anchor: 'middle', muted });
  }

  #center(left: number, t: number): number {
    return left + (t + 0.5) * COLUMN;
  }

  #middle(row: number): number {
    return MARGIN.top + (this.#rows - row - 0.5) * ROW;
  }

  #top(row: number): number {
    return this.#middle(row) - BOX.height / 2;
  }

  #bottom(row: number): number {
    return this.#middle(row) + BOX.height / 2;
  }
}

/** Name of a layer for its box: without prefix, number and detail. */
function shortName(name: string): string {
  if (name.startsWith('initial states')) return l10n.t('label');
  return name.replace(/^(?:encoder|decoder)_/, '').replace(/:.*$| \(.*$/, '');
}

/** Name, shape and parameters of a row; the numbers of layers beside each other in a list. */
function linesOf(layers: readonly GraphLayer[]): string[] {
  const [layer, ...others] = layers;
  if (!layer) return [];
  if (others.length === 0) return [layer.title, layer.shape, layer.parameters];
  return [
    `${layer.title}, ${others.map(({ name }) => name.replace(/^.*_/, '')).join(', ')}`,
    layer.shape,
    layers.map(({ parameters }) => parameters.replace(/ [^\d ]+$/, '')).join(' | '),
  ];
}
