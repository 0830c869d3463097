/**
 * The runs that a text can mean: those with the id, else those with the name, else those whose id begins with it.
 * @param isRun whether an id is that of a run; only called for ids that fit, as it may look into a folder
 */
export function candidates(
  ids: readonly string[],
  text: string,
  nameOf: (id: string) => string | null,
  isRun: (id: string) => boolean = () => true,
): string[] {
  if (text === '') return [];
  if (ids.includes(text) && isRun(text)) return [text];
  const named = ids.filter((id) => nameOf(id) === text && isRun(id));
  return named.length > 0 ? named : ids.filter((id) => id.startsWith(text) && isRun(id));
}
