import type { MarkedVocabulary } from '../../../data/pairs/markedVocabulary.ts';
import type { ConditionedModel } from '../../../models/conditioned/conditionedModel.ts';
import { stopStrings } from '../../../config/drawing.ts';
import { cutAtStop } from '../../../training/stopStrings.ts';
import { isEnd, labeledDraws } from '../../../training/conditioned/writeLabeled.ts';
import type { TextWriter, TextWriterOptions } from '../../../training/textWriter.ts';
import type { WrittenPiece } from '../../../training/writing.ts';
import { UnusableError } from '../../../phrases/causes.ts';
import { phrase } from '../../../phrases/phrase.ts';

/** A model with its characters and labels. */
export interface LabeledWriter {
  readonly model: ConditionedModel;
  readonly vocabulary: MarkedVocabulary;
  readonly labels: readonly string[];
  /** Maximum number of characters in a text. */
  readonly maxLength: number;
}

/**
 * Writes texts, one per line, up to `length` characters: for one label, or for all labels in turn with the label before
 * each text. Every text begins with the prompt. The texts of several labels, and texts that a string may end, arrive
 * line by line.
 */
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
  { label, length, stop = '', ...options }: TextWriterOptions,
): AsyncGenerator<WrittenPiece, void, void> {
  const wanted = wantedLabels(labels, label);
  const stops = stopStrings(stop);
  const isStreamed = wanted.length === 1 && stops.length === 0;
  for (let written = 0; written < length;) {
    const heads = wanted.map((index) => headOf(label === null ? `${labels[index]!}: ` : '', options.prompt));
    const texts = wanted.map((): WrittenPiece[] => []);
    const isOpen = wanted.map(() => true);
    if (isStreamed) yield* heads[0]!;
    const draws = labeledDraws(model, vocabulary, { ...options, labels: Int32Array.from(wanted), maxLength });
    for await (const step of draws) {
      for (const [row, draw] of step.entries()) {
        if (!draw) continue;
        if (isEnd(draw)) isOpen[row] = false;
        const piece = { text: isEnd(draw) ? LINE_BREAK : vocabulary.tokensOf([draw.id]).join(''), draw };
        texts[row]!.push(piece);
        if (isStreamed) yield piece;
      }
    }
    for (const [row, text] of texts.entries()) {
      if (written >= length) return;
      const kept = cutAtStop(text, stops);
      // A text of the maximum length, and one that a string ends, have no end mark.
      const cut = isOpen[row] === true || kept !== text ? [{ text: LINE_BREAK, draw: null }] : [];
      const line = [...heads[row]!, ...kept];
      written += lengthOf([...line, ...cut], options.prompt === '');
      if (!isStreamed) yield* line;
      yield* cut;
    }
  }
}

const LINE_BREAK = '\n';

/** The parts of a line that the model does not write. */
function headOf(label: string, prompt: string): WrittenPiece[] {
  return [label, prompt].filter((text) => text !== '').map((text) => ({ text, draw: null }));
}

/** Length of a line, without white space around a text that has no prompt. */
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
    throw new UnusableError(phrase('The model has no label "{0}". Its labels are {1}.', label, labels.join(', ')));
  return [index];
}
