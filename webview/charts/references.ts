import { type Extent, freeCenter, spreadLabels } from './labels.ts';
import { formatNumber } from './number.ts';
import { fractionOf } from './scale.ts';
import type { Scene } from './scene.ts';

/** Position of a reference line and its label, in pixels, y downwards. */
export interface ReferenceMark {
  /** Position of the line; null if it is outside the plot and only its label points to it. */
  readonly lineY: number | null;
  /** Center of the label. */
  readonly labelY: number;
  readonly text: string;
}

/** Height of a label in pixels, for a font of about 11 pixels. */
const LABEL_HEIGHT = 15;

/** Places the reference lines of a chart between `top` and `bottom`, with labels that do not overlap. */
export function placeReferences(scene: Scene, top: number, bottom: number): ReferenceMark[] {
  const heights = scene.references.map(({ value }) => bottom - fractionOf(value, scene.y, scene.kind) * (bottom - top));
  const wanted = heights.map((y) => Math.min(Math.max(y - LABEL_HEIGHT / 2, top), bottom));
  const placed = spreadLabels(wanted, LABEL_HEIGHT, top, bottom);
  return scene.references.map(({ label, value }, i) => {
    const y = heights[i] ?? bottom;
    const arrow = y < top ? '\u2191 ' : y > bottom ? '\u2193 ' : '';
    return {
      lineY: arrow ? null : y,
      labelY: placed[i] ?? y,
      text: `${arrow}${label} ${value < 0.01 || value >= 100 ? formatNumber(value) : value.toFixed(2)}`,
    };
  });
}

/**
 * Returns the vertical center of the label along a mark, clear of the labels of the reference lines, which end at the
 * right edge of the plot. All values are in pixels.
 * @param column x of the mark's label
 * @param length of the mark's label
 * @param labelsFrom x at which the widest label of the reference lines begins
 */
export function placeMarkLabel(
  column: number,
  length: number,
  { from: top, to: bottom }: Extent,
  references: readonly ReferenceMark[],
  labelsFrom: number,
): number {
  const reached = column + LABEL_HEIGHT / 2 > labelsFrom;
  const taken = references.map(({ labelY }) => ({ from: labelY - LABEL_HEIGHT / 2, to: labelY + LABEL_HEIGHT / 2 }));
  return freeCenter(length, top, bottom, reached ? taken : []);
}
