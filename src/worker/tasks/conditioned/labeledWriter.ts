import type { MarkedVocabulary } from '../../../data/pairs/markedVocabulary.ts';
import type { ConditionedModel } from '../../../models/conditioned/conditionedModel.ts';
import { writeLabeled } from '../../../training/conditioned/writeLabeled.ts';
import type { WritingOptions } from '../../../training/writing.ts';

/** A model with its characters and labels. */
export interface LabeledWriter {
  readonly model: ConditionedModel;
  readonly vocabulary: MarkedVocabulary;
  readonly labels: readonly string[];
  /** Characters after which a text is cut off. */
  readonly maxLength: number;
}

/**
 * Writes texts, one a line, until so many characters are written: for one label, or for all in turn with the label
 * before each text. Every text begins with the prompt.
 * @throws Error for a label that the model does not know; it names those it does
 */
export async function* writeLines(
  { model, vocabulary, labels, maxLength }: LabeledWriter,
  options: WritingOptions & { readonly label?: string | undefined },
): AsyncGenerator<string, void, void> {
  const { label, length, prompt, temperature, generator } = options;
  const wanted = label === undefined ? labels.map((_, index) => index) : [labels.indexOf(label)];
  if (wanted.includes(-1)) throw new Error(`The model knows no label "${label}"; it knows ${labels.join(', ')}.`);
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
