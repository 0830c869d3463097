import type { LengthHistogram, TokenUnit } from './inspection.ts';

const MAX_BINS = 24;
/** Round bin widths, multiplied by powers of ten. */
const STEPS = [1, 2, 5];

/**
 * Histogram of item lengths. Bins have equal widths up to the 99th percentile; the last bin contains all longer items,
 * so that a few very long items do not compress the others into one bar.
 */
export function lengthHistogram(lengths: ArrayLike<number>, unit: TokenUnit): LengthHistogram | null {
  if (lengths.length === 0) return null;
  const sorted = Uint32Array.from(lengths).sort();
  const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0;
  const [shortest, longest] = [at(0), sorted.at(-1) ?? 0];
  const width = roundWidth((at(0.99) - shortest + 1) / MAX_BINS);
  const first = Math.floor(shortest / width) * width;
  const count = Math.max(1, Math.min(MAX_BINS, Math.ceil((at(0.99) - first + 1) / width)));
  const counts = new Array<number>(count).fill(0);
  for (const length of sorted) {
    const bin = Math.min(count - 1, Math.floor((length - first) / width));
    counts[bin] = (counts[bin] ?? 0) + 1;
  }
  const bins = counts.map((items, i) => ({
    from: first + i * width,
    to: i === count - 1 ? Math.max(longest, first + count * width - 1) : first + (i + 1) * width - 1,
    count: items,
  }));
  return { unit, bins, shortest, median: at(0.5), p95: at(0.95), longest };
}

/** Smallest of 1, 2, 5, 10, 20, 50 and so on that is at least `least`. */
function roundWidth(least: number): number {
  for (let ten = 1; ; ten *= 10) {
    const found = STEPS.find((step) => step * ten >= least);
    if (found !== undefined) return found * ten;
  }
}
