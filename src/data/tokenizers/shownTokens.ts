import { bytesOf } from './byteLevel.ts';
import type { Tokenizer } from './tokenizer.ts';

/**
 * The tokens of a tokenizer as they are shown, by its ids: their text, or the bytes that are no text. Each
 * is another one.
 */
export function shownTokens({ spec, contents }: Tokenizer): string[] {
  const isByteLevel = spec.preTokenizers.some(({ type }) => type === 'ByteLevel');
  const metaspace = spec.preTokenizers.find((each) => each.type === 'Metaspace')?.replacement;
  const added = new Set(spec.added_tokens.map(({ id }) => id));
  const taken = new Set<string>(['<unk>']);
  return contents.map((content, id) => {
    const shown = added.has(id) ? content : isByteLevel ? ofBytes(content) : ofSpaces(content, metaspace);
    const unique = taken.has(shown) ? distinct(content, taken) : shown;
    taken.add(unique);
    return unique;
  });
}

function ofBytes(content: string): string {
  const bytes = bytesOf(content);
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return Array.from(bytes, (byte) => `<0x${byte.toString(16).toUpperCase().padStart(2, '0')}>`).join('');
  }
}

function ofSpaces(content: string, metaspace = '▁'): string {
  return content.replaceAll(metaspace, ' ');
}

function distinct(content: string, taken: ReadonlySet<string>): string {
  let shown = content;
  while (taken.has(shown)) shown = `${shown}'`;
  return shown;
}

/** Number of characters of each token: a byte that continues a character counts as none. */
export function charactersOf(tokenizer: Tokenizer): number[] {
  const isByteLevel = tokenizer.spec.preTokenizers.some(({ type }) => type === 'ByteLevel');
  const begins = (byte: number) => (byte & 0xc0) !== 0x80;
  return tokenizer.contents.map((content) => {
    if (isByteLevel) return bytesOf(content).filter(begins).length;
    const [, hex] = /^<0x([\dA-F]{2})>$/.exec(content) ?? [];
    return hex === undefined ? Array.from(content).length : Number(begins(Number.parseInt(hex, 16)));
  });
}
