import type { Explanation, ExplainedSentence } from '../../protocol/classifier.ts';
import { formatProbability, strengthOf, STRENGTHS } from './format.ts';
import type { TextRange } from './textRange.ts';

const BLOCKS = '▁▂▃▄▅▆▇█';
/** Maximum length of a word in the table; longer words are truncated. */
const WIDEST_WORD = 20;
/** Maximum number of rows of the table in a hover. */
const MAX_ROWS = 60;

/** Sparkline of probabilities from 0 to 1, drawn with block characters. */
function sparkline(probabilities: readonly number[]): string {
  return probabilities
    .map((probability) => BLOCKS[Math.min(BLOCKS.length - 1, Math.floor(probability * BLOCKS.length))])
    .join('');
}

/** Explanation of an answer for a part of a text. */
export interface Reasons {
  /**
   * One line per word: the word, its contribution, the change without it, and the prediction after it. The lines after
   * them complete the sum: the other words, the baseline, and the log odds of the answer. Undefined if no word of the
   * part was explained.
   */
  readonly table: string | undefined;
  /** Probability of the answer's label after each word. */
  readonly sparkline: string;
  /** Number of words that the table omits. */
  readonly notShown: number;
  /** True if a word in the table is unknown to the model. */
  readonly hasUnknown: boolean;
}

/** Labels of the table. */
export interface ReasonLabels {
  readonly columns: readonly [word: string, contribution: string, leaveOneOut: string, prediction: string];
  readonly otherWords: string;
  readonly baseline: string;
  readonly logOdds: string;
}

/**
 * Explains the answer by the words of a part of a text.
 * @param part offsets in the explained text
 * @param classes class names of the model
 */
export function reasonsFor(
  { words, running, label, logOdds, baseline, probability }: Explanation,
  part: TextRange,
  classes: readonly string[],
  labels: ReasonLabels,
): Reasons {
  const indices = words.flatMap(({ start, end }, index) => (start >= part.start && end <= part.end ? [index] : []));
  const predictions = indices.map((index) => running[index]?.[classes.indexOf(label)] ?? 0);
  const shown = indices.slice(0, MAX_ROWS);
  const rows = shown.map((index) => {
    const { text, contribution, leaveOneOut, known } = words[index] as Explanation['words'][number];
    return [
      `${shortened(text)}${known ? '' : ' ?'}`,
      formatContribution(contribution),
      formatSigned(leaveOneOut),
      formatLeading(running[index] ?? [], classes),
    ];
  });
  const others = words.reduce((sum, { contribution }, index) => sum + (shown.includes(index) ? 0 : contribution), 0);
  const total = [
    ...(shown.length < words.length ? [[labels.otherWords, formatSigned(others)]] : []),
    [labels.baseline, formatSigned(baseline)],
    [labels.logOdds, formatSigned(logOdds), '', `${label} ${formatProbability(probability)}`],
  ];
  return {
    table: rows.length === 0 ? undefined : aligned([labels.columns, ...rows, ...total]),
    sparkline: sparkline(predictions),
    notShown: indices.length - shown.length,
    hasUnknown: shown.some((index) => !words[index]?.known),
  };
}

/** Sentence at an offset, or the last one before it. */
export function sentenceAt(sentences: readonly ExplainedSentence[], offset: number): ExplainedSentence | undefined {
  return sentences.find(({ end }) => offset < end) ?? sentences.at(-1);
}

/** Formats a contribution, such as "+1.32 +++", so that color is not the only sign. */
function formatContribution(contribution: number): string {
  const strength = strengthOf(contribution);
  return `${formatSigned(contribution)} ${(strength < 0 ? '-' : '+').repeat(Math.abs(strength))}`.padEnd(6 + STRENGTHS);
}

/** Formats a number with its sign, such as "-0.05". */
function formatSigned(value: number): string {
  return `${value < 0 ? '-' : '+'}${Math.abs(value).toFixed(2)}`;
}

/** Formats the most likely label with its probability, such as "positive 54 %". */
function formatLeading(probabilities: readonly number[], labels: readonly string[]): string {
  const highest = Math.max(...probabilities);
  return `${labels[probabilities.indexOf(highest)] ?? ''} ${formatProbability(highest)}`;
}

function shortened(word: string): string {
  const characters = Array.from(word);
  return characters.length > WIDEST_WORD ? `${characters.slice(0, WIDEST_WORD - 1).join('')}…` : word;
}

/** Pads the cells of rows to aligned columns. */
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
