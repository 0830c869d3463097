import { type Drawing, stopStrings } from '../config/drawing.ts';
import type { TextVocabulary } from '../data/textVocabulary.ts';
import type { LanguageModel } from '../models/languageModel.ts';
import type { Generator } from '../random/generator.ts';
import { type Draw, draw, REPETITION_WINDOW } from './drawing.ts';
import { untilStop } from './stopStrings.ts';
import { TokenSteps } from './tokenSteps.ts';

/** What to write, and how: rules that are omitted are off. */
export interface WritingOptions extends Partial<Omit<Drawing, 'temperature'>> {
  /** Divides the logits: 0 always selects the most likely token, 1 samples from the model's distribution. */
  readonly temperature: number;
  /** Text to continue. Unknown tokens are read as `<unk>`; an empty prompt starts after a line break. */
  readonly prompt: string;
  /** Number of characters or words to write. */
  readonly length: number;
  readonly generator: Generator;
}

/** Ids that a language model never writes: `<unk>`, which is a placeholder. */
export const UNWRITTEN: readonly number[] = [0];

/** A piece of a generated text. */
export interface WrittenPiece {
  readonly text: string;
  /** The token that was drawn; null for a text that the model did not write, such as a label. */
  readonly draw: Draw | null;
}

/**
 * Generates text token by token, each with the logits that it was drawn from, up to a length or to the first of the
 * strings that end a text. `<unk>` is never written.
 */
export function writePieces(
  model: LanguageModel,
  vocabulary: TextVocabulary,
  options: WritingOptions,
): AsyncGenerator<WrittenPiece, void, void> {
  const pieces = endlessPieces(model, vocabulary, options);
  const stops = stopStrings(options.stop ?? '');
  return stops.length === 0 ? pieces : untilStop(pieces, stops);
}

async function* endlessPieces(
  model: LanguageModel,
  vocabulary: TextVocabulary,
  { prompt, length, generator, ...drawing }: WritingOptions,
): AsyncGenerator<WrittenPiece, void, void> {
  const rule = { ...drawing, unwritten: UNWRITTEN };
  const steps = new TokenSteps(model, model.zeroState(1), 1);
  try {
    const { ids: promptIds, textOf } = vocabulary.begin(prompt);
    const recent = prompt === '' ? [] : [...promptIds.subarray(-REPETITION_WINDOW)];
    let ids = promptIds;
    for (let written = 0; written < length; written++) {
      const logits = written === 0 ? await steps.begin(promptIds, 1) : await steps.next(ids);
      const drawn = draw(logits, rule, generator, recent);
      recent.push(drawn.id);
      yield { text: textOf(drawn.id), draw: drawn };
      ids = Int32Array.of(drawn.id);
    }
  } finally {
    steps.dispose();
  }
}
