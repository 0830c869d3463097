/** Candidate text of a beam search. */
export interface Hypothesis<State> {
  /** Tokens so far, without begin and end marks. */
  readonly ids: readonly number[];
  /** Sum of the log probabilities of its tokens and, once it has ended, of its end mark, in nats. */
  readonly logProbability: number;
  /** Number of tokens in `logProbability`: those in `ids` and the end mark. */
  readonly scored: number;
  readonly state: State;
}

export interface BeamSearchOptions {
  /** Number of hypotheses kept at each step; 1 is greedy decoding. */
  readonly width: number;
  /** Maximum length of a text in tokens. */
  readonly maxLength: number;
  /** The end mark; absent for a model that has none. */
  readonly endId?: number;
  /** True for a text that ends without an end mark. */
  readonly isComplete?: (ids: readonly number[]) => boolean;
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
 * log probability per token, including an end mark, so that short texts have no advantage (Wu et al. 2016, eq. 14,
 * with alpha = 1). The search ends when `width` texts have finished or no hypotheses remain.
 * @returns the texts, without marks, best first; if none has finished, the truncated ones
 */
export async function beamSearch<State>(
  first: State,
  advance: Advance<State>,
  { width, maxLength, endId, isComplete = () => false }: BeamSearchOptions,
): Promise<readonly Hypothesis<State>[]> {
  let live: Hypothesis<State>[] = [{ ids: [], logProbability: 0, scored: 0, state: first }];
  const ended: Hypothesis<State>[] = [];
  // The end mark may follow a text of the maximum length.
  const steps = endId === undefined ? maxLength : maxLength + 1;
  for (let step = 0; step < steps && live.length > 0 && ended.length < width; step++) {
    const nexts = await advance(live);
    const continuations = live.flatMap((hypothesis, index) => {
      const { logProbabilities, state } = nexts[index]!;
      return likeliest(logProbabilities, width).map((id) => ({
        id,
        hypothesis: {
          ids: hypothesis.ids,
          logProbability: hypothesis.logProbability + logProbabilities[id]!,
          scored: hypothesis.scored + 1,
          state,
        },
      }));
    });
    const kept = continuations
      .sort((a, b) => b.hypothesis.logProbability - a.hypothesis.logProbability)
      .slice(0, width);
    const next: Hypothesis<State>[] = [];
    for (const { id, hypothesis } of kept) {
      const extended = { ...hypothesis, ids: [...hypothesis.ids, id] };
      if (id === endId) ended.push(hypothesis);
      else if (step < maxLength) (isComplete(extended.ids) ? ended : next).push(extended);
    }
    // Beyond the maximum length, only an end mark is accepted; without one, the cut texts are the result.
    if (step < maxLength) live = next;
  }
  const texts = (ended.length > 0 ? ended : live).sort((a, b) => perToken(b) - perToken(a));
  if (texts.length === 0) throw new Error('Beam search needs at least one token that can be written.');
  return texts;
}

/** Log probability of a text per token, including its end mark, in nats. */
export function perToken({ logProbability, scored }: Pick<Hypothesis<unknown>, 'logProbability' | 'scored'>): number {
  return logProbability / scored;
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
