import { smoothingOf } from './scene.ts';
import type { ChartSpec } from './spec.ts';

/** Which lines of a chart are smoothed and over how many steps, for its legend; empty if none is. */
export function smoothingWords(spec: ChartSpec, smoothing: number): string {
  const smoothed = spec.lines.filter((line) => smoothingOf(line, smoothing) > 0);
  if (smoothed.length === 0) return '';
  const which = smoothed.length < spec.lines.length ? `${smoothed.map(({ label }) => label).join(' and ')} ` : '';
  return `${which}smoothed over ${smoothing} steps, every value faint behind`;
}
