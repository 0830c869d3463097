import type { Explanation, ExplainedSentence } from '../../protocol/classifier.ts';
import { formatProbability, strengthOf, STRENGTHS } from './format.ts';
import type { TextRange } from './textRange.ts';

const BLOCKS = '▁▂▃▄▅▆▇█';
/** A longer word is cut in the table. */
const WIDEST_WORD = 20;
/** Rows of the table in a hover; the first ones. */
export const MOST_ROWS = 60;

/** Probabilities from 0 to 1 as a row of blocks of rising height. */
export function sparkline(probabilities: readonly number[]): string {
  return probabilities
    .map((probability) => BLOCKS[Math.min(BLOCKS.length - 1, Math.floor(probability * BLOCKS.length))])
    .join('');
}

/** How a model got to its answer on a part of a text. */
export interface Reasons {
  /**
   * A line for each word: the word, what it adds, the opinion after it. Undefined where no word of the part was
   * explained.
   */
  readonly table: string | undefined;
  /** The opinion that the text has the answer's label, after each word. */
  readonly sparkline: string;
  /** Words that the table leaves out. */
  readonly leftOut: number;
  /** Whether a word is marked as unknown. */
  readonly hasUnknown: boolean;
}

/**
 * The reasons for the words of a part of a text.
 * @param part offsets in the text that was explained
 * @param labels of the model
 */
export function reasonsFor(
  { words, running, label }: Explanation,
  part: TextRange,
  labels: readonly string[],
  headings: readonly [word: string, speaks: string, soFar: string],
): Reasons {
  const indices = words.flatMap(({ start, end }, index) => (start >= part.start && end <= part.end ? [index] : []));
  const opinions = indices.map((index) => running[index]?.[labels.indexOf(label)] ?? 0);
  const shown = indices.slice(0, MOST_ROWS);
  const rows = shown.map((index) => {
    const { text, contribution, known } = words[index] as Explanation['words'][number];
    return [`${shortened(text)}${known ? '' : ' ?'}`, speaks(contribution), leading(running[index] ?? [], labels)];
  });
  return {
    table: rows.length === 0 ? undefined : aligned([headings, ...rows]),
    sparkline: sparkline(opinions),
    leftOut: indices.length - shown.length,
    hasUnknown: shown.some((index) => !words[index]?.known),
  };
}

/** The sentence that an offset stands in, or the last one before it. */
export function sentenceAt(sentences: readonly ExplainedSentence[], offset: number): ExplainedSentence | undefined {
  return sentences.find(({ end }) => offset < end) ?? sentences.at(-1);
}

/** Such as "+1.32 +++": never told by color alone. */
function speaks(contribution: number): string {
  const strength = strengthOf(contribution);
  const number = `${contribution < 0 ? '-' : '+'}${Math.abs(contribution).toFixed(2)}`;
  return `${number} ${(strength < 0 ? '-' : '+').repeat(Math.abs(strength))}`.padEnd(6 + STRENGTHS);
}

/** The likeliest label with its probability. */
function leading(probabilities: readonly number[], labels: readonly string[]): string {
  const highest = Math.max(...probabilities);
  return `${labels[probabilities.indexOf(highest)] ?? ''} ${formatProbability(highest)}`;
}

function shortened(word: string): string {
  const characters = Array.from(word);
  return characters.length > WIDEST_WORD ? `${characters.slice(0, WIDEST_WORD - 1).join('')}…` : word;
}

/** Rows of cells as columns of one width. */
function aligned(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) =>
    Math.max(...rows.map((row) => Array.from(row[column] ?? '').length)),
  );
  return rows
    .map((row) =>
      row
        .map((cell, column) => cell + ' '.repeat((widths[column] ?? 0) - Array.from(cell).length))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}
