/** Candidate text of a beam search. */
export interface Hypothesis<State> {
  /** Tokens so far, without begin and end marks. */
  readonly ids: readonly number[];
  /** Sum of the log probabilities of its tokens and, once it has ended, of its end mark, in nats. */
  readonly logProbability: number;
  readonly state: State;
}

export interface BeamSearchOptions {
  /** Number of hypotheses kept at each step; 1 is greedy decoding. */
  readonly width: number;
  /** Maximum length of a text in tokens. */
  readonly maxLength: number;
  readonly endId: number;
}

/**
 * Returns, for each hypothesis, the log probabilities of the next token (-Infinity for tokens that are never written)
 * and the state after it.
 */
export type Advance<State> = (
  hypotheses: readonly Hypothesis<State>[],
) => Promise<readonly { readonly logProbabilities: ArrayLike<number>; readonly state: State }[]>;

/**
 * Beam search: keeps the most likely continuations of all hypotheses at each step. Finished texts are compared by their
 * log probability per token, including the end mark, so that short texts have no advantage (Wu et al. 2016, eq. 14,
 * with alpha = 1). The search ends when `width` texts have finished or no hypotheses remain.
 * @returns the texts, without marks, best first; if none has finished, the truncated ones
 */
export async function beamSearch<State>(
  first: State,
  advance: Advance<State>,
  { width, maxLength, endId }: BeamSearchOptions,
): Promise<readonly Hypothesis<State>[]> {
  let live: Hypothesis<State>[] = [{ ids: [], logProbability: 0, state: first }];
  const ended: Hypothesis<State>[] = [];
  for (let step = 0; step <= maxLength && live.length > 0 && ended.length < width; step++) {
    const nexts = await advance(live);
    const continuations = live.flatMap((hypothesis, index) => {
      const { logProbabilities, state } = nexts[index]!;
      return likeliest(logProbabilities, width).map((id) => ({
        id,
        hypothesis: {
          ids: hypothesis.ids,
          logProbability: hypothesis.logProbability + logProbabilities[id]!,
          state,
        },
      }));
    });
    const kept = continuations
      .sort((a, b) => b.hypothesis.logProbability - a.hypothesis.logProbability)
      .slice(0, width);
    for (const { id, hypothesis } of kept) if (id === endId) ended.push(hypothesis);
    if (step === maxLength) break;
    live = kept
      .filter(({ id }) => id !== endId)
      .map(({ id, hypothesis }) => ({ ...hypothesis, ids: [...hypothesis.ids, id] }));
  }
  const texts = (ended.length > 0 ? ended : live).sort((a, b) => perToken(b) - perToken(a));
  if (texts.length === 0) throw new Error('Beam search needs at least one token that can be written.');
  return texts;
}

/** Log probability of a text per token, including the end mark, in nats. */
export function perToken({ ids, logProbability }: Pick<Hypothesis<unknown>, 'ids' | 'logProbability'>): number {
  return logProbability / (ids.length + 1);
}

/**
 * Ids of the largest values, at most `count`, largest first. Ties go to the lower id; values of -Infinity are omitted.
 */
function likeliest(values: ArrayLike<number>, count: number): number[] {
  const best: number[] = [];
  for (let id = 0; id < values.length; id++) {
    const value = values[id]!;
    if (value === -Infinity || (best.length === count && value <= values[best[count - 1]!]!)) continue;
    let at = best.length;
    while (at > 0 && value > values[best[at - 1]!]!) at--;
    best.splice(at, 0, id);
    if (best.length > count) best.pop();
  }
  return best;
}
