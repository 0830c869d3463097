import type { Generator } from '../../random/generator.ts';

/**
 * Splits items randomly into two parts. Items whose texts differ only in case and white space stay together, so that
 * validation does not contain training texts.
 * @param share fraction of the distinct texts in the second part, 0 to 1
 */
export function splitByText<T extends { readonly text: string }>(
  items: readonly T[],
  share: number,
  generator: Generator,
): [first: T[], second: T[]] {
  const key = ({ text }: T) => textKey(text);
  const keys = shuffled([...new Set(items.map(key))], generator);
  const chosen = new Set(keys.slice(0, Math.round(share * keys.length)));
  return [items.filter((item) => !chosen.has(key(item))), items.filter((item) => chosen.has(key(item)))];
}

/** Returns a key that is equal for texts that differ only in case and white space. */
export function textKey(text: string): string {
  return text.toLowerCase().replaceAll(/\s+/g, ' ').trim();
}

/** Returns a copy in random order (Fisher and Yates; Durstenfeld 1964). */
export function shuffled<T>(items: readonly T[], generator: Generator): T[] {
  const result = [...items];
  for (let last = result.length - 1; last > 0; last--) {
    const other = Math.floor(generator.nextUniform() * (last + 1));
    [result[last], result[other]] = [result[other] as T, result[last] as T];
  }
  return result;
}
