import { stopStrings } from '../config/drawing.ts';
import type { TextVocabulary } from '../data/textVocabulary.ts';
import { beamSearch, perToken } from '../models/encoderDecoder/beamSearch.ts';
import type { LanguageModel } from '../models/languageModel.ts';
import type { ModelState } from '../models/recurrentNetwork.ts';
import { expectation } from '../probes/inspection/predictions.ts';
import { advance, disposeState, pickRows } from './carriedState.ts';
import { firstOf } from './stopStrings.ts';
import type { BeamOptions, BeamText } from './textWriter.ts';
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
  // The state of every text of the beam; before the first step, that of no text.
  let rows: ModelState = model.zeroState(1);
  let step = 0;
  try {
    const found = await beamSearch<number>(
      0,
      async (live) => {
        if (isOver()) throw new EndedEarly();
        const [before, isFirst] = [rows, step++ === 0];
        const picked = isFirst
          ? before
          : pickRows(
              before,
              live.map(({ state }) => state),
            );
        const ids = isFirst ? promptIds : Int32Array.from(live, ({ ids: written }) => written.at(-1)!);
        const { result, state } = advance(
          model,
          ids,
          isFirst ? [ids.length, 1] : [1, live.length],
          picked,
          (logits) => logits,
        );
        disposeState(before);
        if (!isFirst) disposeState(picked);
        rows = state;
        const values = await result.data<'float32'>();
        result.dispose();
        const last = values.subarray(values.length - live.length * vocabulary.size);
        return live.map((_, row) => ({
          logProbabilities: logProbabilities(last.subarray(row * vocabulary.size, (row + 1) * vocabulary.size)),
          state: row,
        }));
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
    disposeState(rows);
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
