import { phrase } from '../../../phrases/phrase.ts';
import type { RowProblem } from '../../inputError.ts';
import { readLines } from '../../lines.ts';
import { rowsOf, tagged, type TaggedFormat, type TaggedSentence } from '../taggedText.ts';

/** Signs between a word and its tag. A word may contain the sign; the last one in a token is that before the tag. */
const SEPARATORS = ['/', '_'] as const;
type Separator = (typeof SEPARATORS)[number];

/** Minimum fraction of tokens with a tag. */
const MIN_AGREEMENT = 0.95;
/** Minimum number of tokens, and of tokens per distinct tag, that a text of words has but a list of paths has not. */
const MIN_TOKENS = 6;
const TOKENS_PER_TAG = 2;
/** Tags contain letters, or are the punctuation marks that they tag. */
const TAG = /^(?:[\p{L}][\p{L}\p{N}$*+\-|=.&'_]{0,29}|[^\p{L}\p{N}\s]{1,5}(?:[\p{L}]{1,4}-?)?)$/u;

/** The format of the Brown corpus: the words of a sentence in a line, each with its tag, as `The/at jury/nn said/vbd`. */
export const slashedWords: TaggedFormat = {
  documented: {
    ...tagged,
    title: 'words with their tags',
    example: { 'brown.txt': 'The/at jury/nn left/vbd ./.\nThe/at clerk/nn slept/vbd ./.\n' },
    detected: 'nearly every word has a tag that repeats, after `/` or `_`',
    notes: 'A sentence per line',
  },
  detects: ({ text }) => separatorOf(text) !== undefined,
  async read(source, { signal }) {
    const lines: { number: number; text: string }[] = [];
    for await (const line of readLines(source, { signal })) if (line.text.trim() !== '') lines.push(line);
    const separator = separatorOf(lines.map(({ text }) => `${text}\n`).join('')) ?? '/';
    const sentences: TaggedSentence[] = [];
    const problems: RowProblem[] = [];
    for (const { number, text } of lines) {
      const tokens = text.trim().split(/\s+/);
      const found = tokens.map((token) => tokenOf(token, separator));
      const wrong = found.indexOf(undefined);
      if (wrong >= 0) {
        problems.push({
          line: number,
          reason: phrase('no tag in {0}; its sentence is skipped', JSON.stringify(tokens[wrong] ?? '')),
        });
        continue;
      }
      const usable = found.filter((token) => token !== undefined);
      sentences.push({ line: number, words: usable.map(({ word }) => word), tags: usable.map(({ tag }) => tag) });
    }
    return {
      sentences,
      problems,
      format: phrase('a sentence per line, each word with its tag as in {0}', `word${separator}tag`),
      notes: [],
      names: [],
      columns: { word: 1, tag: 2 },
      rows: rowsOf(sentences),
    };
  },
};

function separatorOf(text: string): Separator | undefined {
  const complete = text.includes('\n') ? text.slice(0, text.lastIndexOf('\n') + 1) : text;
  const tokens = complete.split(/\s+/).filter((token) => token !== '');
  if (tokens.length < MIN_TOKENS) return undefined;
  return SEPARATORS.find((separator) => {
    const tags = tokens.flatMap((token) => {
      const found = tokenOf(token, separator);
      return found && TAG.test(found.tag) ? [found.tag] : [];
    });
    const withLetters = tags.filter((tag) => /\p{L}/u.test(tag));
    return (
      tags.length >= MIN_AGREEMENT * tokens.length &&
      withLetters.length > tags.length / 2 &&
      tags.length >= TOKENS_PER_TAG * new Set(tags).size
    );
  });
}

function tokenOf(token: string, separator: Separator): { word: string; tag: string } | undefined {
  const at = token.lastIndexOf(separator);
  return at > 0 && at < token.length - 1 ? { word: token.slice(0, at), tag: token.slice(at + 1) } : undefined;
}
