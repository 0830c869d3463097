import { COLOR_SLOTS, type RunColor } from '../protocol/runColor.ts';
import { hashOf } from './fingerprint.ts';

/** Slot of a run's color: a hash of its id, so that a run has one color everywhere and forever. */
export function colorSlot(id: string): number {
  return hashOf(id) % COLOR_SLOTS;
}

/**
 * Color of a run.
 * @param chosen color that the user has chosen: `#rrggbb`, or the number of a slot as a text; null for none
 */
export function runColor(id: string, chosen: string | null): RunColor {
  if (chosen === null) return colorSlot(id);
  return isRgb(chosen) ? chosen : Number(chosen);
}

function isRgb(color: string): color is `#${string}` {
  return color.startsWith('#');
}
