/** Isolates a line, adds it to the isolated ones or takes it from them; a second click shows all again. */
export function toggleIsolated(isolated: ReadonlySet<string>, key: string, add: boolean): ReadonlySet<string> {
  if (add) {
    const changed = new Set(isolated);
    if (!changed.delete(key)) changed.add(key);
    return changed;
  }
  return isolated.size === 1 && isolated.has(key) ? new Set() : new Set([key]);
}
