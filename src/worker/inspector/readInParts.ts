import type { LayerState } from '../../layers/sequenceLayer.ts';
import { disposeStates, readTokens, type TokensRead } from '../../probes/inspection/readTokens.ts';
import type { TextModel } from '../../probes/inspection/textModel.ts';
import type { Ask } from './questions.ts';

/** Number of tokens read at a time; small, so that a training step or another query does not wait long. */
const PART = 500;

/** A part of a text that was read. */
export interface PartRead extends TokensRead {
  /** Index of the first token, and number of tokens. */
  readonly start: number;
  readonly count: number;
  /** States before the part; disposed when the next part is read. */
  readonly before: readonly LayerState[];
}

export interface ReadingOptions {
  /** Index of the first token whose activations are kept; parts do not reach across it. */
  readonly keepFrom: number;
  readonly keepActivations: boolean;
  /** Called before each part; throws to cancel the rest. */
  readonly wanted?: () => void;
}

/**
 * Reads a text from a state of zeros, part by part, with one request per part. While a run is training, each part is
 * read by the current model.
 */
export async function* readInParts(
  ask: Ask,
  model: TextModel,
  ids: Int32Array,
  options: ReadingOptions,
): AsyncGenerator<PartRead, void, void> {
  const { keepFrom, keepActivations, wanted } = options;
  let states: readonly LayerState[] = model.layers.map((layer) => layer.zeroState(1));
  try {
    for (let start = 0; start < ids.length;) {
      const end = Math.min(start + PART, start < keepFrom ? keepFrom : ids.length);
      const part = ids.slice(start, end);
      const before = states;
      const read = await ask(async () => {
        wanted?.();
        return readTokens(model, part, before, keepActivations && start >= keepFrom);
      });
      states = read.states;
      try {
        yield { ...read, start, count: part.length, before };
      } finally {
        disposeStates(before);
      }
      start = end;
    }
  } finally {
    disposeStates(states);
  }
}
