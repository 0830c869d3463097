import { editDistance } from './filter/editDistance.ts';

/** The name that begins with a text or, without one, the name that differs least from it; empty without names. */
export function nearestName(text: string, names: readonly string[]): string {
  const wanted = text.toLowerCase();
  const begun = wanted === '' ? undefined : names.find((name) => name.toLowerCase().startsWith(wanted));
  if (begun !== undefined) return begun;
  const distances = names.map((name) => editDistance(name.toLowerCase(), wanted));
  return names[distances.indexOf(Math.min(...distances))] ?? '';
}
