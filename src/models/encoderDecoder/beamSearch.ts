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

/** A token that may follow a text, with its log probability in nats. */
export interface Candidate {
  readonly id: number;
  readonly logProbability: number;
}

/** What may follow a hypothesis. */
export interface Continuation<State> {
  /** The most likely tokens that may be written, most likely first: as many as the beam is wide, or all. */
  readonly candidates: readonly Candidate[];
  /** State after the hypothesis. */
  readonly state: State;
}

/** Returns the continuation of each hypothesis. */
export type Advance<State> = (hypotheses: readonly Hypothesis<State>[]) => Promise<readonly Continuation<State>[]>;

/**
 * Beam search: keeps the most likely continuations of all hypotheses at each step. Finished texts are compared by their
 * log probability per token, including an end mark, so that short texts have no advantage (Wu et al. 2016, eq. 14,
 * with alpha = 1). The search ends when `width` texts have finished or no hypotheses remain. The caller advances the
 * hypotheses, so that those of several searches can be one batch.
 */
export class BeamSearch<State> {
  readonly #options: BeamSearchOptions;
  readonly #ended: Hypothesis<State>[] = [];
  #live: readonly Hypothesis<State>[];
  #step = 0;

  constructor(first: State, options: BeamSearchOptions) {
    this.#options = options;
    this.#live = [{ ids: [], logProbability: 0, scored: 0, state: first }];
  }

  /** The hypotheses to advance; empty once the search is over. */
  get live(): readonly Hypothesis<State>[] {
    return this.#isOver ? [] : this.#live;
  }

  /** Takes a step. @param continuations those of the live hypotheses, in their order */
  advance(continuations: readonly Continuation<State>[]): void {
    const { width, maxLength, endId, isComplete = () => false } = this.#options;
    const kept = this.#live
      .flatMap(({ ids, logProbability, scored }, index) => {
        const { candidates, state } = continuations[index]!;
        return candidates.map((candidate) => ({
          id: candidate.id,
          hypothesis: { ids, logProbability: logProbability + candidate.logProbability, scored: scored + 1, state },
        }));
      })
      .sort((a, b) => b.hypothesis.logProbability - a.hypothesis.logProbability)
      .slice(0, width);
    const next: Hypothesis<State>[] = [];
    for (const { id, hypothesis } of kept) {
      const extended = { ...hypothesis, ids: [...hypothesis.ids, id] };
      if (id === endId) this.#ended.push(hypothesis);
      else if (this.#step < maxLength) (isComplete(extended.ids) ? this.#ended : next).push(extended);
    }
    // Beyond the maximum length, only an end mark is accepted; without one, the cut texts are the result.
    if (this.#step < maxLength) this.#live = next;
    this.#step++;
  }

  /** The texts, without marks, best first; if none has finished, the truncated ones. */
  get texts(): readonly Hypothesis<State>[] {
    const texts = (this.#ended.length > 0 ? this.#ended : this.#live).toSorted((a, b) => perToken(b) - perToken(a));
    if (texts.length === 0) throw new Error('Beam search needs at least one token that can be written.');
    return texts;
  }

  get #isOver(): boolean {
    const { width, maxLength, endId } = this.#options;
    // The end mark may follow a text of the maximum length.
    const steps = endId === undefined ? maxLength : maxLength + 1;
    return this.#step >= steps || this.#live.length === 0 || this.#ended.length >= width;
  }
}

/** Runs one beam search. @returns the texts, without marks, best first */
export async function beamSearch<State>(
  first: State,
  advance: Advance<State>,
  options: BeamSearchOptions,
): Promise<readonly Hypothesis<State>[]> {
  const search = new BeamSearch(first, options);
  while (search.live.length > 0) search.advance(await advance(search.live));
  return search.texts;
}

/** Log probability of a text per token, including its end mark, in nats. */
export function perToken({ logProbability, scored }: Pick<Hypothesis<unknown>, 'logProbability' | 'scored'>): number {
  return logProbability / scored;
}

/**
 * The most likely tokens, at most `count`, most likely first. If probabilities are equal, the lower id is first; tokens of
 * -Infinity are omitted.
 * @param logProbabilities one for each token, in nats
 */
export function likeliestTokens(logProbabilities: ArrayLike<number>, count: number): Candidate[] {
  const best: number[] = [];
  for (let id = 0; id < logProbabilities.length; id++) {
    const value = logProbabilities[id]!;
    if (value === -Infinity || (best.length === count && value <= logProbabilities[best[count - 1]!]!)) continue;
    let at = best.length;
    while (at > 0 && value > logProbabilities[best[at - 1]!]!) at--;
    best.splice(at, 0, id);
    if (best.length > count) best.pop();
  }
  return best.map((id) => ({ id, logProbability: logProbabilities[id]! }));
}
