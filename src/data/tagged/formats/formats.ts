import { columnsFormat } from './columnsFormat.ts';
import { sentenceTable } from './sentenceTable.ts';
import { slashedWords } from './slashedWords.ts';
import { spans } from './spans.ts';
import type { TaggedFormat, TaggedHead } from '../taggedText.ts';

/** The formats of tagged text. The first that detects itself in a file reads it; columns read all others. */
export const taggedFormats: readonly TaggedFormat[] = [spans, sentenceTable, slashedWords, columnsFormat];

/** The format of tagged text in which a file begins; undefined if it does not look like tagged text. */
export function detectTaggedFormat(head: TaggedHead): TaggedFormat | undefined {
  return taggedFormats.find((format) => format.detects(head));
}

/** The format that reads a file of tagged text. */
export function taggedFormatOf(head: TaggedHead): TaggedFormat {
  return detectTaggedFormat(head) ?? columnsFormat;
}
