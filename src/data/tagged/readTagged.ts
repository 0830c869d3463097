import type { TextSource } from '../../config/textSource.ts';
import { phrase, type Text } from '../../phrases/phrase.ts';
import { InputError } from '../inputError.ts';
import { readText, sourceName } from '../textReader.ts';
import { packedFile } from '../packed/packedKind.ts';
import { taggedFormatOf } from './formats/formats.ts';
import { sentenceTable } from './formats/sentenceTable.ts';
import { taggedTable } from './taggedTable.ts';
import type { ReadSentences, TaggedOptions } from './taggedText.ts';
import { tagSchemeOf, type TagScheme } from './tagScheme.ts';

/** Tagged sentences, with at least one. Every sentence of the file is in `sentences` or has a row in `problems`. */
export interface TaggedText extends ReadSentences {
  /** Sorted tags. */
  readonly tags: readonly string[];
  /** Scheme of the tags; undefined if they do not mark entities. */
  readonly scheme: TagScheme | undefined;
}

/** Number of characters that determine the format. */
const HEAD_CHARACTERS = 65_536;

/**
 * Reads sentences whose words have tags, in any of the formats of `formats.ts`, which is detected.
 * @throws InputError for a file that cannot be read or has no usable sentence
 */
export async function readTagged(source: TextSource, options: TaggedOptions = {}): Promise<TaggedText> {
  const name = sourceName(source);
  const { notes, ...found } = await readSentences(source, options);
  const { sentences, problems } = found;
  if (sentences.length > 0) {
    const tags = sentences.map((sentence) => sentence.tags);
    return {
      ...found,
      notes,
      tags: [...new Set(tags.flat())].sort(),
      scheme: tagSchemeOf(tags),
    };
  }
  const [problem] = problems;
  const reason = problem ? phrase('; line {0}: {1}', problem.line, problem.reason) : '';
  throw new InputError(
    'empty',
    phrase(
      '"{0}" has no tagged sentence{1}. Choose a file with a word, a tab and a tag per line, and a blank line after each sentence.',
      name,
      reason,
    ),
  );
}

/** The sentences of a text in the format in which it begins, or of a table that is not text. */
async function readSentences(source: TextSource, options: TaggedOptions): Promise<ReadSentences> {
  const packed = await packedFile(source);
  const readable = packed ? await taggedTable(packed, source, source.reading) : source;
  if (readable === undefined || (packed && readable === source)) return sentenceTable.read(source, options);
  const { text, notes } = await headOf(readable, options);
  const found = await taggedFormatOf({ name: sourceName(source), text }).read(readable, options);
  return { ...found, notes: [...notes, ...found.notes] };
}

/** The beginning of a text, and what was assumed about its encoding. */
async function headOf(
  source: TextSource,
  { signal }: TaggedOptions,
): Promise<{ text: string; notes: readonly Text[] }> {
  let head = '';
  const reader = await readText(source, { signal });
  for await (const piece of reader) {
    head += piece;
    if (head.length >= HEAD_CHARACTERS) break;
  }
  return { text: head.slice(0, HEAD_CHARACTERS), notes: reader.notes };
}
