/** A text that is being written. */
export interface Hypothesis<State> {
  /** Tokens so far, without marks. */
  readonly ids: readonly number[];
  /** Sum of the log probabilities of its tokens, and of its end once it is there, in nats. */
  readonly logProbability: number;
  readonly state: State;
}

export interface BeamSearchOptions {
  /** Hypotheses that are kept at each step; 1 is greedy. */
  readonly width: number;
  /** Tokens after which a text is cut off. */
  readonly maxLength: number;
  readonly endId: number;
}

/**
 * For each hypothesis the log probabilities of the next token (-Infinity for one that is never written), and the state
 * after it.
 */
export type Advance<State> = (
  hypotheses: readonly Hypothesis<State>[],
) => Promise<readonly { readonly logProbabilities: ArrayLike<number>; readonly state: State }[]>;

/**
 * Beam search: at each step the likeliest continuations of all hypotheses are kept. A text that has ended is compared
 * by its log probability for each token, its end among them, so that short texts have no advantage (Wu et al. 2016, eq.
 * 14, with
 * alpha = 1). It ends when as many texts have ended as the beam is wide, or no hypothesis is left.
 * @returns the best text, without marks; where none has ended, the likeliest of those that were cut off
 */
export async function beamSearch<State>(
  first: State,
  advance: Advance<State>,
  { width, maxLength, endId }: BeamSearchOptions,
): Promise<Hypothesis<State>> {
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
  const perToken = ({ ids, logProbability }: Hypothesis<State>) => logProbability / (ids.length + 1);
  const [best] = (ended.length > 0 ? ended : live).sort((a, b) => perToken(b) - perToken(a));
  if (!best) throw new Error('A beam search needs at least one token that can be written.');
  return best;
}

/**
 * The ids of the largest values, at most `count`, the largest first; of equal ones the first; those of -Infinity never.
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
