import { svg } from '../../dom.ts';

/** Limits of an edge in pixels, and of the size beyond which an edge does not grow. */
const SHORTEST = 12;
const LONGEST = 110;
const LARGEST = 128;
/** Direction of the third edge, which is drawn at an angle. */
const DEPTH = { x: 0.5, y: -0.4 } as const;
const MARGIN = { left: 96, right: 40, top: 20, bottom: 26 } as const;
/** Width of a character of a label in pixels, at most on average. */
const CHARACTER = 7.5;

/** A dimension of a tensor with its name on screen. */
export interface BoxDimension {
  readonly label: string;
  readonly size: number;
}

/**
 * Draws a tensor of three dimensions as a box: the first dimension downward, the second into the page, the third to the
 * right. Edges grow with the square root of their sizes.
 * @param label description for screen readers
 */
export function drawTensor(
  [first, second, third]: readonly [BoxDimension, BoxDimension, BoxDimension],
  label: string,
): SVGSVGElement {
  const [height, depth, width] = [edge(first.size), edge(second.size), edge(third.size)];
  const shift = { x: depth * DEPTH.x, y: -depth * DEPTH.y };
  const lengthOf = ({ size, label: name }: BoxDimension) => CHARACTER * `${size} ${name}`.length;
  // Labels are longer in other languages.
  const left = Math.max(MARGIN.left, 6 + lengthOf(first), 8 + lengthOf(second) - shift.x / 2);
  const right = Math.max(MARGIN.right, lengthOf(third) - width - shift.x);
  const total = { x: left + width + shift.x + right, y: MARGIN.top + height + shift.y + MARGIN.bottom };
  const corner = { x: left, y: MARGIN.top + shift.y };
  const face = (points: readonly (readonly [number, number])[], className: string) =>
    svg('polygon', { class: className, points: points.map(([x, y]) => `${corner.x + x},${corner.y + y}`).join(' ') });
  return svg(
    'svg',
    {
      class: 'tensor',
      width: total.x,
      height: total.y,
      viewBox: `0 0 ${total.x} ${total.y}`,
      role: 'img',
      'aria-label': label,
    },
    face(
      [
        [0, 0],
        [width, 0],
        [width, height],
        [0, height],
      ],
      'front',
    ),
    face(
      [
        [0, 0],
        [shift.x, -shift.y],
        [width + shift.x, -shift.y],
        [width, 0],
      ],
      'top',
    ),
    face(
      [
        [width, 0],
        [width + shift.x, -shift.y],
        [width + shift.x, height - shift.y],
        [width, height],
      ],
      'side',
    ),
    text(`${first.size} ${first.label}`, {
      x: corner.x - 6,
      y: corner.y + height / 2,
      'text-anchor': 'end',
      'dominant-baseline': 'central',
    }),
    text(`${second.size} ${second.label}`, {
      x: corner.x + shift.x / 2 - 8,
      y: corner.y - shift.y / 2 - 4,
      'text-anchor': 'end',
    }),
    text(`${third.size} ${third.label}`, { x: corner.x, y: corner.y + height + 16, 'text-anchor': 'start' }),
  );
}

function edge(size: number): number {
  return SHORTEST + (LONGEST - SHORTEST) * Math.sqrt(Math.min(size, LARGEST) / LARGEST);
}

function text(content: string, attributes: Readonly<Record<string, string | number>>): SVGElement {
  const element = svg('text', attributes);
  element.textContent = content;
  return element;
}
