import { COLOR_SLOTS, type RunColor } from '../protocol/runColor.ts';

/** Slot of a run's color: a hash of its id (FNV-1a), so that a run has one color everywhere and forever. */
export function colorSlot(id: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < id.length; i++) hash = Math.imul(hash ^ id.charCodeAt(i), 0x01000193);
  return (hash >>> 0) % COLOR_SLOTS;
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
