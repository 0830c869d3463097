import { shortened } from '../../../format/shortened.ts';
import { phrase, type Text } from '../../../phrases/phrase.ts';
import type { RowProblem } from '../../inputError.ts';
import { readText } from '../../textReader.ts';
import { wordRanges } from '../../words/unicodeWords.ts';
import { rowsOf, tagged, type TaggedFormat, type TaggedSentence } from '../taggedText.ts';
import { jsonItems } from './jsonItems.ts';
import { type AnnotatedText, annotatedText, type Span, taggedTokens } from './annotations.ts';

/** Minimum fraction of objects with a text and its annotations. */
const MIN_AGREEMENT = 0.9;
const SHOWN_CHARACTERS = 60;

/**
 * JSON Lines or a JSON array of texts with the ranges of their entities, as doccano, spaCy and Label Studio export them,
 * or of words with their tags. Ranges become tags in the scheme IOB2, by the words of `wordRanges`.
 *
 * A text with a range that does not begin and end with a word is skipped completely, because its tags would be wrong.
 */
export const spans: TaggedFormat = {
  documented: {
    ...tagged,
    title: 'ranges, or words with tags, in JSON Lines or a JSON array',
    example: {
      'names.jsonl': '{"text": "Ada left", "label": [[0, 3, "PER"]]}\n{"tokens": ["Ada"], "ner_tags": ["B-PER"]}\n',
    },
    detected:
      'nearly every object is one that doccano, spaCy, Prodigy or Label Studio exports, or has words and as many tags',
    notes: 'Offsets count code points, or else UTF-16 units',
  },
  detects: ({ text }) => areSpans(text),
  async read(source, { signal }) {
    const pieces: string[] = [];
    for await (const piece of await readText(source, { signal })) pieces.push(piece);
    const sentences: TaggedSentence[] = [];
    const problems: RowProblem[] = [];
    let ofSpans = 0;
    for (const { json, line } of jsonItems(pieces.join(''))) {
      const [value] = parsed(json);
      const tokens = taggedTokens(value);
      const annotated = tokens ? undefined : annotatedText(value);
      if (tokens) {
        if (tokens.words.length > 0) sentences.push({ line, ...tokens });
      } else if (!annotated) {
        problems.push({
          line,
          reason: value === undefined ? phrase('not JSON') : phrase('no text with the ranges of its entities'),
        });
      } else {
        ofSpans++;
        const found = sentencesOf(annotated);
        if ('reason' in found) problems.push({ line, reason: found.reason });
        else sentences.push(...found.sentences.map((sentence) => ({ line, ...sentence })));
      }
    }
    return {
      sentences,
      problems,
      format:
        ofSpans > 0
          ? phrase('JSON: a text with the ranges of its entities in each object')
          : phrase('JSON: words with their tags in each object'),
      notes: [],
      names: [],
      columns: { word: 1, tag: 2 },
      rows: rowsOf(sentences),
    };
  },
};

function areSpans(text: string): boolean {
  if (!/^\s*[[{]/.test(text)) return false;
  const items = jsonItems(text).filter(({ isComplete }) => isComplete);
  const values = items.flatMap(({ json }) => parsed(json));
  const known = values.filter((value) => taggedTokens(value) !== undefined || annotatedText(value) !== undefined);
  const marked = values.some((value) => taggedTokens(value) ?? (annotatedText(value)?.spans.length ?? 0) > 0);
  return marked && known.length >= MIN_AGREEMENT * values.length;
}

function parsed(json: string): unknown[] {
  try {
    return [JSON.parse(json)];
  } catch {
    return [];
  }
}

type Sentences = { readonly sentences: readonly Omit<TaggedSentence, 'line'>[] } | { readonly reason: Text };

/**
 * The words of a text with their tags; each line of it is a sentence unless an entity crosses its end. Offsets count
 * code points, as in Python, or else UTF-16 units, as in JavaScript.
 */
function sentencesOf({ text, spans: given }: AnnotatedText): Sentences {
  const byPoints = tagsOf(text, inUnits(text, given));
  if (!('reason' in byPoints)) return byPoints;
  const byUnits = tagsOf(text, given);
  return 'reason' in byUnits ? byPoints : byUnits;
}

function inUnits(text: string, given: readonly Span[]): Span[] {
  if (!/[\u{10000}-\u{10FFFF}]/u.test(text)) return [...given];
  const offsets: number[] = [];
  let offset = 0;
  for (const character of text) {
    offsets.push(offset);
    offset += character.length;
  }
  offsets.push(offset);
  return given.map(({ start, end, label }) => ({
    start: offsets[start] ?? offset + 1,
    end: offsets[end] ?? offset + 1,
    label,
  }));
}

function tagsOf(text: string, given: readonly Span[]): Sentences {
  const ranges = wordRanges(text);
  const starts = new Map(ranges.map(({ start }, at) => [start, at]));
  const ends = new Map(ranges.map(({ end }, at) => [end, at]));
  const tags = ranges.map(() => 'O');
  for (const span of given) {
    const { start, end, label } = span;
    const name = JSON.stringify(label);
    if (!(start >= 0 && start < end && end <= text.length))
      return { reason: phrase('the range {0} to {1} of {2} is not in the text; it is skipped', start, end, name) };
    const { first, last } = trimmed(text, span);
    const [from, to] = [starts.get(first), ends.get(last)];
    const shown = JSON.stringify(shortened(text.slice(start, end), SHOWN_CHARACTERS));
    if (from === undefined || to === undefined)
      return {
        reason: phrase(
          'the range {0} to {1} of {2}, {3}, does not begin and end with a word; its text is skipped',
          start,
          end,
          name,
          shown,
        ),
      };
    if (tags.slice(from, to + 1).some((tag) => tag !== 'O'))
      return {
        reason: phrase(
          'the range {0} to {1} of {2}, {3}, overlaps another; its text is skipped',
          start,
          end,
          name,
          shown,
        ),
      };
    for (let at = from; at <= to; at++) tags[at] = `${at === from ? 'B' : 'I'}-${label}`;
  }
  return { sentences: lines(text, ranges, tags) };
}

/** A range without white space at its ends, which annotators often include. */
function trimmed(text: string, { start, end }: Span): { first: number; last: number } {
  const part = text.slice(start, end);
  return { first: start + part.length - part.trimStart().length, last: start + part.trimEnd().length };
}

function lines(
  text: string,
  ranges: readonly { start: number; end: number }[],
  tags: readonly string[],
): Omit<TaggedSentence, 'line'>[] {
  const found: { words: string[]; tags: string[] }[] = [];
  let open: { words: string[]; tags: string[] } | undefined;
  let end = 0;
  ranges.forEach((range, at) => {
    const tag = tags[at] ?? 'O';
    const breaks = text.slice(end, range.start).includes('\n') && !tag.startsWith('I-');
    if (!open || breaks) found.push((open = { words: [], tags: [] }));
    open.words.push(text.slice(range.start, range.end));
    open.tags.push(tag);
    end = range.end;
  });
  return found;
}
