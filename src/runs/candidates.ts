/** The runs that a text can mean: those with the id, else those with the name, else those whose id begins with it. */
export function candidates(ids: readonly string[], text: string, nameOf: (id: string) => string | null): string[] {
  if (text === '') return [];
  if (ids.includes(text)) return [text];
  const named = ids.filter((id) => nameOf(id) === text);
  return named.length > 0 ? named : ids.filter((id) => id.startsWith(text));
}
