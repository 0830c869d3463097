import type { TextVocabulary } from '../data/textVocabulary.ts';
import type { LanguageModel } from '../models/languageModel.ts';
import type { Generator } from '../random/generator.ts';
import { advance, disposeState } from './carriedState.ts';

export interface WritingOptions {
  /** Text to continue. Unknown tokens are read as `<unk>`; an empty prompt starts after a line break. */
  readonly prompt: string;
  /** Number of characters or words to write. */
  readonly length: number;
  /** Divides the logits: 0 always selects the most likely token, 1 samples from the model's distribution. */
  readonly temperature: number;
  readonly generator: Generator;
}

/** Generates text token by token. `<unk>` is never written. */
export async function* writeText(
  model: LanguageModel,
  vocabulary: TextVocabulary,
  { prompt, length, temperature, generator }: WritingOptions,
): AsyncGenerator<string, void, void> {
  let state = model.zeroState(1);
  try {
    const { ids: promptIds, textOf } = vocabulary.begin(prompt);
    let ids = promptIds;
    for (let written = 0; written < length; written++) {
      const advanced = advance(model, ids, [ids.length, 1], state, (logits) => logits);
      disposeState(state);
      state = advanced.state;
      const values = await advanced.result.data();
      advanced.result.dispose();
      const id = sampleId(values.subarray(values.length - vocabulary.size), temperature, generator);
      yield textOf(id);
      ids = Int32Array.of(id);
    }
  } finally {
    disposeState(state);
  }
}

/**
 * Samples a token from logits, except `<unk>` (id 0), which is a placeholder.
 * @param logits one for each token
 */
export function sampleId(logits: ArrayLike<number>, temperature: number, generator: Generator): number {
  let best = 1;
  for (let id = 2; id < logits.length; id++) if (logits[id]! > logits[best]!) best = id;
  if (temperature === 0) return best;
  const highest = logits[best]!;
  const weights = Float64Array.from({ length: logits.length }, (_, id) =>
    id === 0 ? 0 : Math.exp((logits[id]! - highest) / temperature),
  );
  let rest = generator.nextUniform() * weights.reduce((sum, weight) => sum + weight, 0);
  for (let id = 1; id < weights.length; id++) {
    rest -= weights[id]!;
    if (rest < 0) return id;
  }
  return best;
}
