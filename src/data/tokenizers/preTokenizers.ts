import type { AlignedText } from './alignedText.ts';
import { toByteCharacters } from './byteLevel.ts';
import { literal } from './normalizers.ts';
import { type Behavior, GPT2, PATTERNS, type PreTokenizerSpec } from './tokenizerJson.ts';

const CHARACTERS = /[^]/gu;
const SPACES = /\p{White_Space}/gu;
const PUNCTUATION = /[!-/:-@[-`{-~\p{P}]/gu;
/** The class `\w` of the `regex` crate. */
const WORDS =
  /[\p{Alphabetic}\p{M}\p{Nd}\p{Pc}\p{Join_Control}]+|[^\p{Alphabetic}\p{M}\p{Nd}\p{Pc}\p{Join_Control}\p{White_Space}]+/gu;

/** Splits a part of a text into parts that tokens do not cross. */
export function preTokenized(part: AlignedText, spec: PreTokenizerSpec): AlignedText[] {
  switch (spec.type) {
    case 'ByteLevel': {
      const text = spec.add_prefix_space && !part.text.startsWith(' ') ? part.after(' ') : part;
      const pieces = spec.use_regex ? split(text, GPT2, 'Isolated') : [text];
      return pieces.map((piece) => piece.replaced(CHARACTERS, toByteCharacters));
    }
    case 'Metaspace': {
      const { replacement } = spec;
      const text = part.replaced(/ /g, () => replacement);
      const scheme = spec.prepend_scheme ?? ((spec.add_prefix_space ?? true) ? 'always' : 'never');
      const isPrepended =
        !text.text.startsWith(replacement) && (scheme === 'always' || (scheme === 'first' && text.placeOf(0) === 0));
      const begun = isPrepended ? text.after(replacement) : text;
      return spec.split ? split(begun, literal(replacement), 'MergedWithNext') : [begun];
    }
    case 'Whitespace':
      return split(part, WORDS, 'Removed', true);
    case 'WhitespaceSplit':
      return split(part, SPACES, 'Removed');
    case 'BertPreTokenizer':
      return split(part, SPACES, 'Removed').flatMap((piece) => split(piece, PUNCTUATION, 'Isolated'));
    case 'Punctuation':
      return split(part, PUNCTUATION, spec.behavior);
    case 'Digits':
      return split(part, /\p{N}/gu, spec.individual_digits ? 'Isolated' : 'Contiguous');
    case 'Split': {
      const pattern = 'String' in spec.pattern ? literal(spec.pattern.String) : PATTERNS[spec.pattern.Regex]!;
      return split(part, pattern, spec.behavior, spec.invert);
    }
  }
}

/** A part of a text that matches a pattern, or that is between matches. */
interface Found {
  readonly start: number;
  end: number;
  readonly isMatch: boolean;
}

/**
 * Splits a text at the matches of a pattern.
 * @param invert whether what is between the matches counts as a match, and the other way round
 */
function split(text: AlignedText, pattern: RegExp, behavior: Behavior, invert = false): AlignedText[] {
  const found: Found[] = [];
  let end = 0;
  for (const match of text.text.matchAll(pattern)) {
    const [{ length }] = match;
    if (length === 0) continue;
    if (match.index > end) found.push({ start: end, end: match.index, isMatch: invert });
    end = match.index + length;
    found.push({ start: match.index, end, isMatch: !invert });
  }
  if (end < text.text.length) found.push({ start: end, end: text.text.length, isMatch: invert });
  return JOINED[behavior](found).map((piece) => text.slice(piece.start, piece.end));
}

/** The pieces of a text for each behavior at matches. */
const JOINED: Readonly<Record<Behavior, (found: readonly Found[]) => readonly Found[]>> = {
  Isolated: (found) => found,
  Removed: (found) => found.filter(({ isMatch }) => !isMatch),
  MergedWithPrevious: (found) => joined(found, (before, part) => part.isMatch && !before.isMatch),
  MergedWithNext: (found) =>
    joined(found.toReversed().map(mirrored), (before, part) => part.isMatch && !before.isMatch)
      .map(mirrored)
      .reverse(),
  Contiguous: (found) => joined(found, (before, part) => part.isMatch === before.isMatch),
};

/** A part as it is when a text is read from its end. */
function mirrored({ start, end, isMatch }: Found): Found {
  return { start: -end, end: -start, isMatch };
}

function joined(found: readonly Found[], isJoined: (before: Found, part: Found) => boolean): Found[] {
  const pieces: Found[] = [];
  let before: Found | undefined;
  for (const part of found) {
    const piece = pieces.at(-1);
    if (piece && before && isJoined(before, part)) piece.end = part.end;
    else pieces.push({ ...part });
    before = part;
  }
  return pieces;
}
