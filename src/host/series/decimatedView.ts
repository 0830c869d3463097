import type { SeriesChange } from '../../protocol/panel.ts';
import { bucketOf, bucketWidth, decimateFrom } from '../../runs/series/decimate.ts';
import type { Series } from '../../runs/series/series.ts';

/**
 * The decimated points that one view has of one growing series. Only the last bucket can change when points are
 * appended, so the size of a change is that of the new points; only a wider bucket sends the whole series again. After
 * points were removed, the view needs a new instance.
 */
export class DecimatedView {
  readonly #series: Series;
  #width = 0;
  #length = 0;
  /** Index of the first point of the last bucket. */
  #tail = 0;
  /** Number of decimated points before the last bucket. */
  #pointsBeforeTail = 0;

  constructor(series: Series) {
    this.#series = series;
  }

  /** The change since the last call, or undefined when there is none. The first call gives the whole series. */
  take(): SeriesChange | undefined {
    const series = this.#series;
    const width = bucketWidth(series);
    const again = width !== this.#width;
    if (!again && series.length === this.#length) return undefined;

    const from = again ? 0 : this.#tail;
    const keep = again ? 0 : this.#pointsBeforeTail;
    const points = decimateFrom(series, from, width);

    this.#width = width;
    this.#length = series.length;
    this.#tail = startOfLastBucket(series, width);
    this.#pointsBeforeTail = keep + points.length / 2 - decimateFrom(series, this.#tail, width).length / 2;
    return { keep, points };
  }
}

function startOfLastBucket({ x, length }: Series, width: number): number {
  const last = bucketOf(x[length - 1] ?? 0, width);
  let start = Math.max(0, length - 1);
  while (start > 0 && bucketOf(x[start - 1] ?? 0, width) === last) start--;
  return start;
}
