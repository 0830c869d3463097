import type { MarkedVocabulary } from '../../../data/pairs/markedVocabulary.ts';
import type { ConditionedModel } from '../../../models/conditioned/conditionedModel.ts';
import { isEnd, labeledDraws, writeLabeled } from '../../../training/conditioned/writeLabeled.ts';
import type { TextWriter, TextWriterOptions } from '../../../training/textWriter.ts';
import type { WritingOptions, WrittenPiece } from '../../../training/writing.ts';
import { phrase, PhrasedError } from '../../../phrases/phrase.ts';

/** A model with its characters and labels. */
export interface LabeledWriter {
  readonly model: ConditionedModel;
  readonly vocabulary: MarkedVocabulary;
  readonly labels: readonly string[];
  /** Maximum number of characters in a text. */
  readonly maxLength: number;
}

/**
 * Writes texts, one per line, up to `length` characters: for one label, or for all labels in turn with the label
 * before each text. Every text begins with the prompt.
 * @throws Error for an unknown label; it lists the known ones
 */
export async function* writeLines(
  { model, vocabulary, labels, maxLength }: LabeledWriter,
  options: WritingOptions & { readonly label?: string | undefined },
): AsyncGenerator<string, void, void> {
  const { label, length, prompt, temperature, topK = 0, generator } = options;
  const wanted = wantedLabels(labels, label ?? null);
  for (let written = 0; written < length;) {
    const texts = await writeLabeled(model, vocabulary, {
      labels: Int32Array.from(wanted),
      prompt,
      maxLength,
      temperature,
      topK,
      generator,
    });
    for (const [index, text] of texts.entries()) {
      const line = `${label === undefined ? `${labels[wanted[index]!]}: ` : ''}${text}\n`;
      if (written >= length) return;
      written += line.length;
      yield line;
    }
  }
}

/** The writer of the same lines, token by token. Those of several labels arrive line by line. */
export function labeledTextWriter(writer: LabeledWriter): TextWriter {
  const { vocabulary, labels } = writer;
  return {
    form: { kind: 'labeled', tokenKind: vocabulary.granularity, labels: [...labels], beam: 1 },
    tokens: vocabulary.tokens,
    unwritten: vocabulary.unwritten,
    unknown: (prompt) => vocabulary.unknown(prompt),
    write: (options) => writePieces(writer, options),
  };
}

async function* writePieces(
  { model, vocabulary, labels, maxLength }: LabeledWriter,
  { label, length, ...options }: TextWriterOptions,
): AsyncGenerator<WrittenPiece, void, void> {
  const wanted = wantedLabels(labels, label);
  const [, ...others] = wanted;
  for (let written = 0; written < length;) {
    const lines = wanted.map((index) => headOf(label === null ? `${labels[index]!}: ` : '', options.prompt));
    const isOpen = wanted.map(() => true);
    if (others.length === 0) yield* lines[0]!;
    const draws = labeledDraws(model, vocabulary, { ...options, labels: Int32Array.from(wanted), maxLength });
    for await (const step of draws) {
      for (const [row, draw] of step.entries()) {
        if (!draw) continue;
        if (isEnd(draw)) isOpen[row] = false;
        const piece = { text: isEnd(draw) ? LINE_BREAK : vocabulary.tokensOf([draw.id]).join(''), draw };
        lines[row]!.push(piece);
        if (others.length === 0) yield piece;
      }
    }
    for (const [row, line] of lines.entries()) {
      if (written >= length) return;
      // A text of the maximum length has no end mark.
      const cut = isOpen[row] === true ? [{ text: LINE_BREAK, draw: null }] : [];
      written += lengthOf([...line, ...cut], options.prompt === '');
      if (others.length > 0) yield* line;
      yield* cut;
    }
  }
}

const LINE_BREAK = '\n';

/** The parts of a line that the model does not write. */
function headOf(label: string, prompt: string): WrittenPiece[] {
  return [label, prompt].filter((text) => text !== '').map((text) => ({ text, draw: null }));
}

/** Length of a line as `writeLines` counts it: without white space around a text that has no prompt. */
function lengthOf(pieces: readonly WrittenPiece[], trims: boolean): number {
  const join = (some: readonly WrittenPiece[]) => some.map(({ text }) => text).join('');
  if (!trims) return join(pieces).length;
  const own = pieces.filter(({ draw }) => draw && !isEnd(draw));
  return join(pieces).length - join(own).length + join(own).trim().length;
}

/** Indices of the labels to write for. @throws Error for an unknown label; it lists the known ones */
function wantedLabels(labels: readonly string[], label: string | null): number[] {
  if (label === null) return labels.map((_, index) => index);
  const index = labels.indexOf(label);
  if (index < 0)
    throw new PhrasedError(phrase('The model has no label "{0}". Its labels are {1}.', label, labels.join(', ')));
  return [index];
}
