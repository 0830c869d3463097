import { svg } from '../../dom.ts';
import type { UnrolledNetwork } from './unrolledNetwork.ts';

/** Sizes of the drawing in pixels. */
const COLUMN = 88;
const LAYER = 74;
const BOX = { width: 58, height: 34 } as const;
const MARGIN = { top: 46, bottom: 46 } as const;
/** Space beside the boxes, with and without states that enter or leave. */
const SIDE = { wide: 60, narrow: 4 } as const;
const TIP = 6;

let lastId = 0;

/**
 * Draws a network unrolled over time: a column of boxes for each step, from the input at the bottom to the output at
 * the top, and arrows for what each box reads.
 * @param label description for screen readers
 */
export function drawNetwork(network: UnrolledNetwork, label: string): SVGSVGElement {
  const { layers, inputs, outputs } = network;
  const left = network.initial ? SIDE.wide : SIDE.narrow;
  const right = network.final ? SIDE.wide : SIDE.narrow;
  const width = left + COLUMN * inputs.length + right;
  const height = MARGIN.top + LAYER * layers.length + MARGIN.bottom;
  const tip = `network-tip-${++lastId}`;
  const place = new Places(layers.length, left);
  const arrow = (points: readonly Point[], className = 'arrow') =>
    svg('path', {
      class: className,
      d: `M${points.map(({ x, y }) => `${x},${y}`).join(' L')}`,
      'marker-end': `url(#${tip})`,
    });
  return svg(
    'svg',
    { class: 'network', width, height, viewBox: `0 0 ${width} ${height}`, role: 'img', 'aria-label': label },
    svg(
      'defs',
      {},
      svg(
        'marker',
        {
          id: tip,
          viewBox: '0 0 8 8',
          refX: 7,
          refY: 4,
          markerWidth: TIP,
          markerHeight: TIP,
          markerUnits: 'userSpaceOnUse',
          orient: 'auto',
        },
        svg('path', { d: 'M0,0 L8,4 L0,8 Z', class: 'tip' }),
      ),
    ),
    ...inputs.flatMap((input, t) => column(network, place, arrow, { t, input, output: outputs[t] ?? '' })),
    ...(network.recurrence === 'hidden'
      ? layers.flatMap((_, layer) => statesOf(network, place, arrow, layer))
      : inputs.slice(1).map((_, t) => arrow(place.fromOutput(t), 'arrow recurrent'))),
  );
}

interface Point {
  readonly x: number;
  readonly y: number;
}

type Arrow = (points: readonly Point[], className?: string) => SVGElement;

/** Places of the parts of the drawing. */
class Places {
  readonly #layers: number;
  readonly #left: number;

  constructor(layers: number, left: number) {
    this.#layers = layers;
    this.#left = left;
  }

  /** Center of a box; layers count from the bottom. */
  box(layer: number, t: number): Point {
    return { x: this.#left + COLUMN * (t + 0.5), y: MARGIN.top + LAYER * (this.#layers - layer - 0.5) };
  }

  input(t: number): Point {
    return { x: this.box(0, t).x, y: MARGIN.top + LAYER * this.#layers + 20 };
  }

  output(t: number): Point {
    return { x: this.box(0, t).x, y: MARGIN.top - 22 };
  }

  /** Arrow from the output of a step to the box of the next one. */
  fromOutput(t: number): Point[] {
    const from = this.output(t);
    const to = this.box(0, t + 1);
    const middle = (from.x + to.x) / 2;
    return [
      { x: from.x + 16, y: from.y },
      { x: middle, y: from.y },
      { x: middle, y: to.y },
      { x: to.x - BOX.width / 2, y: to.y },
    ];
  }
}

function text(content: string, { x, y }: Point, className = ''): SVGElement {
  const element = svg('text', { x, y, class: className, 'text-anchor': 'middle', 'dominant-baseline': 'central' });
  element.textContent = content;
  return element;
}

/** One step: its input, its boxes from the bottom to the top, and its output. */
function column(
  { layers, bidirectional, between }: UnrolledNetwork,
  place: Places,
  arrow: Arrow,
  { t, input, output }: { readonly t: number; readonly input: string; readonly output: string },
): SVGElement[] {
  const half = BOX.height / 2;
  const top = place.box(layers.length - 1, t);
  const bottom = place.box(0, t);
  return [
    ...layers.flatMap((name, layer) => {
      const { x, y } = place.box(layer, t);
      const below = place.box(layer - 1, t);
      return [
        svg('rect', { x: x - BOX.width / 2, y: y - half, width: BOX.width, height: BOX.height, rx: 4 }),
        ...(bidirectional
          ? [svg('line', { class: 'divider', x1: x - BOX.width / 2, y1: y, x2: x + BOX.width / 2, y2: y })]
          : []),
        ...(bidirectional
          ? [text('→', { x, y: y - half / 2 }), text('←', { x, y: y + half / 2 })]
          : [text(name, { x, y })]),
        ...(layer > 0
          ? [
              arrow(
                [
                  { x, y: below.y - half },
                  { x, y: y + half },
                ],
                between ? 'arrow dropped' : 'arrow',
              ),
            ]
          : []),
        ...(layer > 0 && between && t === 0 ? [text(between, { x: x - 22, y: (y + below.y) / 2 }, 'small')] : []),
      ];
    }),
    ...(input === ''
      ? []
      : [
          text(input, place.input(t)),
          arrow([
            { x: bottom.x, y: place.input(t).y - 10 },
            { x: bottom.x, y: bottom.y + half },
          ]),
        ]),
    ...(output === ''
      ? []
      : [
          text(output, place.output(t)),
          arrow([
            { x: top.x, y: top.y - half },
            { x: top.x, y: place.output(t).y + 10 },
          ]),
        ]),
  ];
}

/** The states that a layer passes from step to step, and into and out of the sequence. */
function statesOf(
  { inputs, bidirectional, skips, initial, final }: UnrolledNetwork,
  place: Places,
  arrow: Arrow,
  layer: number,
): SVGElement[] {
  const half = BOX.width / 2;
  const shift = bidirectional ? BOX.height / 4 : 0;
  const gap = COLUMN - BOX.width;
  const ends = inputs.map((_, t) => place.box(layer, t));
  const rows = bidirectional ? [-shift, shift] : [0];
  return rows.flatMap((dy, row) => {
    const forward = row === 0;
    const line = (from: Point, to: Point, isSkip = false) => {
      const points = [
        { x: from.x + half, y: from.y + dy },
        { x: to.x - half, y: to.y + dy },
      ];
      return arrow(forward ? points : points.toReversed(), isSkip ? 'arrow recurrent skip' : 'arrow recurrent');
    };
    const first = ends[0] ?? { x: 0, y: 0 };
    const last = ends.at(-1) ?? first;
    const before = { x: first.x - gap - 2 * half + 14, y: first.y };
    const after = { x: last.x + gap + 2 * half - 14, y: last.y };
    const [enters, leaves] = forward ? [before, after] : [after, before];
    const outside = (at: Point, isLeft: boolean) => ({ x: at.x + (isLeft ? half - 18 : 18 - half), y: at.y + dy });
    return [
      ...ends.slice(1).map((to, t) => line(ends[t] ?? to, to, skips === true && t === ends.length - 2)),
      ...(initial
        ? [
            line(forward ? before : last, forward ? first : after),
            ...(row === 0 ? [text(initial, outside(enters, forward), 'small')] : []),
          ]
        : []),
      ...(final
        ? [line(forward ? last : before, forward ? after : first), text(final, outside(leaves, !forward), 'small')]
        : []),
    ];
  });
}
