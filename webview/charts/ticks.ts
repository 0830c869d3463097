import { formatNumber } from './number.ts';
import type { Range, ScaleKind } from './scale.ts';
import type { ChartSpec } from './spec.ts';

/** A grid line of an axis; its label may be empty. */
export interface Tick {
  readonly value: number;
  readonly label: string;
}

/** Width of a described tick, such as a date, in numbers. */
const WIDE = 1.6;
/** Minimum number of ticks: with fewer, the rounded step may exceed the range and leave no tick. */
const MIN_TICKS = 3;

/** Returns about `count` round values within a range. */
export function axisTicks(range: Range, kind: ScaleKind, count: number): Tick[] {
  return kind === 'logarithmic' && decadesOf(range) >= 1 ? decadeTicks(range, count) : evenTicks(range, count);
}

/** Ticks of an x axis, about one in `spacing` pixels: integers, but for time in seconds. */
export function xTicks(
  range: Range,
  { xName, describeX, xPlaces }: Pick<ChartSpec, 'xName' | 'describeX' | 'xPlaces'>,
  pixels: number,
  spacing: number,
): Tick[] {
  if (xPlaces) return placedTicks(range, xPlaces, pixels / spacing, describeX);
  const ticks = axisTicks(range, 'linear', pixels / (describeX ? WIDE * spacing : spacing)).filter(
    ({ value }) => xName === 'second' || Number.isInteger(value),
  );
  return describeX ? ticks.map(({ value }) => ({ value, label: describeX(value) })) : ticks;
}

/** Ticks at given places, of which only some have a label if there is no room for all. */
function placedTicks(
  { min, max }: Range,
  places: readonly number[],
  count: number,
  describe: ChartSpec['describeX'] = formatNumber,
): Tick[] {
  const shown = places.filter((value) => value >= min && value <= max);
  const every = Math.max(1, Math.ceil(shown.length / Math.max(1, count)));
  return shown.map((value, i) => ({ value, label: i % every === 0 ? describe(value) : '' }));
}

function decadesOf({ min, max }: Range): number {
  return Math.log10(max / min);
}

/** Multiples of 1, 2 or 5 times a power of ten. Also used for log axes of less than a decade. */
function evenTicks({ min, max }: Range, count: number): Tick[] {
  const step = roundStep((max - min) / Math.max(count, MIN_TICKS));
  const ticks: Tick[] = [];
  for (let n = Math.ceil(min / step); n * step <= max; n++) {
    const value = Number((n * step).toPrecision(12));
    ticks.push({ value, label: formatNumber(value) });
  }
  return ticks;
}

function roundStep(atLeast: number): number {
  const power = 10 ** Math.floor(Math.log10(atLeast));
  const mantissa = [1, 2, 5].find((candidate) => candidate * power >= atLeast * (1 - 1e-9)) ?? 10;
  return mantissa * power;
}

/** Powers of ten: only some labeled if there are many, with 2 and 5 between them if there are few. */
function decadeTicks(range: Range, count: number): Tick[] {
  const { min, max } = range;
  const first = Math.floor(Math.log10(min));
  const last = Math.ceil(Math.log10(max));
  const every = Math.max(1, Math.ceil((last - first) / Math.max(count, 1)));
  const mantissas = decadesOf(range) * 2 <= count ? [1, 2, 5] : [1];
  const ticks: Tick[] = [];
  for (let exponent = first; exponent <= last; exponent++) {
    for (const mantissa of mantissas) {
      const value = Number(`${mantissa}e${exponent}`);
      if (value < min || value > max) continue;
      ticks.push({ value, label: exponent % every === 0 ? formatNumber(value) : '' });
    }
  }
  return ticks;
}
