import { stopStrings } from '../config/drawing.ts';
import type { TextVocabulary } from '../data/textVocabulary.ts';
import { beamSearch, likeliestTokens, perToken } from '../models/encoderDecoder/beamSearch.ts';
import type { LanguageModel } from '../models/languageModel.ts';
import { expectation } from '../probes/inspection/predictions.ts';
import { firstOf } from './stopStrings.ts';
import type { BeamOptions, BeamText } from './textWriter.ts';
import { TokenSteps } from './tokenSteps.ts';
import { UNWRITTEN } from './writing.ts';

/**
 * The most likely continuations of a prompt that a beam search finds, best first, each of `length` tokens or up to the
 * first of the strings that end a text. Texts are compared by their log probability per token.
 * @returns an empty list if the search was ended early
 */
export async function beamTexts(
  model: LanguageModel,
  vocabulary: TextVocabulary,
  { prompt, length, stop = '', width, isOver }: BeamOptions,
): Promise<readonly BeamText[]> {
  const stops = stopStrings(stop);
  const { ids: promptIds } = vocabulary.begin(prompt);
  const textOf = (ids: readonly number[]): string => {
    const { textOf: next } = vocabulary.begin(prompt);
    return ids.map(next).join('');
  };
  const steps = new TokenSteps(model, model.zeroState(1), width);
  let step = 0;
  try {
    const found = await beamSearch<number>(
      0,
      async (live) => {
        if (await isOver()) throw new EndedEarly();
        const logits =
          step++ === 0
            ? await steps.begin(promptIds, 1)
            : await steps.next(
                Int32Array.from(live, ({ ids }) => ids.at(-1)!),
                live.map(({ state }) => state),
              );
        return live.map((_, row) => {
          const own = logits.subarray(row * vocabulary.size, (row + 1) * vocabulary.size);
          return { candidates: likeliestTokens(logProbabilities(own), width), state: row };
        });
      },
      { width, maxLength: length, isComplete: (ids) => stops.length > 0 && firstOf(stops, textOf(ids)) >= 0 },
    );
    return found.map((hypothesis) => {
      const text = textOf(hypothesis.ids);
      const end = firstOf(stops, text);
      return { text: end < 0 ? text : text.slice(0, end), logProbability: perToken(hypothesis) };
    });
  } catch (error) {
    if (error instanceof EndedEarly) return [];
    throw error;
  } finally {
    steps.dispose();
  }
}

/** Ends a search from within. */
class EndedEarly extends Error {}

/** Log probabilities of all tokens; -Infinity for those that are never written. */
function logProbabilities(logits: Float32Array): Float64Array {
  const { surprisal } = expectation(logits);
  const values = Float64Array.from(logits, (_, id) => -surprisal(id));
  for (const id of UNWRITTEN) values[id] = -Infinity;
  return values;
}
