import { bytesOf, textOfBytes } from './byteLevel.ts';
import { literal } from './normalizers.ts';
import { type DecoderSpec, PATTERNS } from './tokenizerJson.ts';

/** The tokens after one step of a decoder; their concatenation is the text. */
export function decoded(tokens: readonly string[], spec: DecoderSpec): string[] {
  switch (spec.type) {
    case 'ByteLevel':
      return [textOfBytes(tokens.map(bytesOf))];
    case 'Metaspace': {
      const scheme = spec.prepend_scheme ?? ((spec.add_prefix_space ?? true) ? 'always' : 'never');
      return tokens.map((token, at) =>
        token.replaceAll(spec.replacement, () => (at === 0 && scheme !== 'never' ? '' : ' ')),
      );
    }
    case 'WordPiece':
      return tokens.map((token, at) => {
        const { prefix } = spec;
        const written = at === 0 ? token : token.startsWith(prefix) ? token.slice(prefix.length) : ` ${token}`;
        return spec.cleanup ? cleaned(written) : written;
      });
    case 'BPEDecoder':
      return tokens.map((token, at) => token.replaceAll(spec.suffix, () => (at === tokens.length - 1 ? '' : ' ')));
    case 'Fuse':
      return [tokens.join('')];
    case 'ByteFallback':
      return withBytes(tokens);
    case 'Strip':
      return tokens.map((token) => stripped(Array.from(token), spec));
    case 'Replace': {
      const { pattern, content } = spec;
      const found = 'String' in pattern ? literal(pattern.String) : PATTERNS[pattern.Regex]!;
      return tokens.map((token) => token.replaceAll(found, () => content));
    }
  }
}

/** Spaces before punctuation marks that WordPiece has separated. */
const CLEANED: readonly (readonly [string, string])[] = [
  [' .', '.'],
  [' ?', '?'],
  [' !', '!'],
  [' ,', ','],
  [" ' ", "'"],
  [" n't", "n't"],
  [" 'm", "'m"],
  // eslint-disable-next-line lab/translated -- what tokens are written as
  [' do not', " don't"],
  [" 's", "'s"],
  [" 've", "'ve"],
  [" 're", "'re"],
];

function cleaned(text: string): string {
  return CLEANED.reduce((changed, [from, to]) => changed.replaceAll(from, to), text);
}

function stripped(
  characters: readonly string[],
  { content, start, stop }: Extract<DecoderSpec, { type: 'Strip' }>,
): string {
  let first = 0;
  while (first < Math.min(start, characters.length) && characters[first] === content) first++;
  let end = characters.length;
  while (end > first && characters.length - end < stop && characters[end - 1] === content) end--;
  return characters.slice(first, end).join('');
}

const BYTE = /^<0x([\dA-Fa-f]{2})>$/;

/** Replaces tokens of bytes by their text; those that are no text by U+FFFD each. */
function withBytes(tokens: readonly string[]): string[] {
  const result: string[] = [];
  let bytes: number[] = [];
  const flush = () => {
    if (bytes.length === 0) return;
    try {
      result.push(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(Uint8Array.from(bytes)));
    } catch {
      result.push(...bytes.map(() => '\uFFFD'));
    }
    bytes = [];
  };
  for (const token of tokens) {
    const [, hex] = BYTE.exec(token) ?? [];
    if (hex !== undefined) {
      bytes.push(Number.parseInt(hex, 16));
      continue;
    }
    flush();
    result.push(token);
  }
  flush();
  return result;
}
