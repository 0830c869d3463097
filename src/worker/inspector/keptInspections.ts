import type { LayerState } from '../../layers/sequenceLayer.ts';
import type { Activations } from '../../probes/inspection/activations.ts';
import { disposeStates } from '../../probes/inspection/readTokens.ts';
import { KEPT_INSPECTIONS } from '../../protocol/inspection.ts';
import type { Direction } from '../../protocol/verdicts.ts';
import { phrase, PhrasedError } from '../../phrases/phrase.ts';

/** The stored part of an inspection, for later queries. */
export interface KeptInspection {
  readonly tokens: readonly string[];
  readonly ids: Int32Array;
  /** States of the model before the first token; copies that it owns. */
  readonly before: readonly LayerState[];
  readonly activations: readonly Activations[];
}

/** The last inspections by id. */
export class KeptInspections {
  readonly #kept = new Map<number, KeptInspection>();
  #lastId = 0;

  /** @returns the id of the inspection; the oldest are dropped */
  add(inspection: KeptInspection): number {
    const id = ++this.#lastId;
    this.#kept.set(id, inspection);
    for (const [old, { before }] of this.#kept) {
      if (this.#kept.size <= KEPT_INSPECTIONS) break;
      disposeStates(before);
      this.#kept.delete(old);
    }
    return id;
  }

  /** @throws Error for an inspection that was dropped */
  get(id: number): KeptInspection {
    const kept = this.#kept.get(id);
    if (!kept)
      throw new PhrasedError(phrase('The activations on this text are no longer available. Read the text again.'));
    return kept;
  }

  dispose(): void {
    for (const { before } of this.#kept.values()) disposeStates(before);
    this.#kept.clear();
  }
}

/** The activations of a layer. @throws Error if the model has no such layer */
export function activationsOfLayer(
  activations: readonly Activations[],
  layer: string,
  direction: Direction,
): Activations {
  const found = activations.find((one) => one.layer === layer && one.direction === direction);
  if (!found) throw new PhrasedError(phrase('The model has no {0} layer "{1}".', direction, layer));
  return found;
}
