import type { MarkedVocabulary } from '../../../data/pairs/markedVocabulary.ts';
import type { ConditionedModel } from '../../../models/conditioned/conditionedModel.ts';
import { writeLabeled } from '../../../training/conditioned/writeLabeled.ts';
import type { WritingOptions } from '../../../training/writing.ts';

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
  const { label, length, prompt, temperature, generator } = options;
  const wanted = label === undefined ? labels.map((_, index) => index) : [labels.indexOf(label)];
  if (wanted.includes(-1)) throw new Error(`The model has no label "${label}". Its labels are ${labels.join(', ')}.`);
  for (let written = 0; written < length;) {
    const texts = await writeLabeled(model, vocabulary, {
      labels: Int32Array.from(wanted),
      prompt,
      maxLength,
      temperature,
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
