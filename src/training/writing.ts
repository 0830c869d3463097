import type { TextVocabulary } from '../data/textVocabulary.ts';
import type { LanguageModel } from '../models/languageModel.ts';
import type { Generator } from '../random/generator.ts';
import { advance, disposeState } from './carriedState.ts';
import { type Draw, drawId } from './drawing.ts';

export interface WritingOptions {
  /** Text to continue. Unknown tokens are read as `<unk>`; an empty prompt starts after a line break. */
  readonly prompt: string;
  /** Number of characters or words to write. */
  readonly length: number;
  /** Divides the logits: 0 always selects the most likely token, 1 samples from the model's distribution. */
  readonly temperature: number;
  /** Number of most likely tokens to draw from; 0 or omitted: all. */
  readonly topK?: number;
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

/** Generates text token by token. `<unk>` is never written. */
export async function* writeText(
  model: LanguageModel,
  vocabulary: TextVocabulary,
  options: WritingOptions,
): AsyncGenerator<string, void, void> {
  for await (const { text } of writePieces(model, vocabulary, options)) yield text;
}

/** Generates text token by token, each with the logits that it was drawn from. */
export async function* writePieces(
  model: LanguageModel,
  vocabulary: TextVocabulary,
  { prompt, length, generator, temperature, topK = 0 }: WritingOptions,
): AsyncGenerator<WrittenPiece & { readonly draw: Draw }, void, void> {
  const rule = { temperature, topK, unwritten: UNWRITTEN };
  let state = model.zeroState(1);
  try {
    const { ids: promptIds, textOf } = vocabulary.begin(prompt);
    let ids = promptIds;
    for (let written = 0; written < length; written++) {
      const advanced = advance(model, ids, [ids.length, 1], state, (logits) => logits);
      disposeState(state);
      state = advanced.state;
      const values = await advanced.result.data<'float32'>();
      advanced.result.dispose();
      const logits = values.subarray(values.length - vocabulary.size);
      const id = drawId(logits, rule, generator);
      yield { text: textOf(id), draw: { id, logits } };
      ids = Int32Array.of(id);
    }
  } finally {
    disposeState(state);
  }
}
