import type { BatchStream } from '../batchStream.ts';
import { teacherForced, type TeacherForced } from '../pairs/pairBatches.ts';
import { Epochs } from './epochs.ts';
import type { LabelledSequence } from './sequenceBatcher.ts';

/** Texts that are to be written, and the label that asks for each. */
export interface ConditionedBatch {
  /** `[batch]` */
  readonly labels: Int32Array;
  readonly texts: TeacherForced;
}

/** Gives out labelled texts in batches of about the same length, epoch by epoch; see `Epochs`. */
export class ConditionedBatcher implements BatchStream<ConditionedBatch> {
  readonly #epochs: Epochs<LabelledSequence>;
  readonly #paddingId: number;

  /** @throws RangeError without texts */
  constructor(texts: readonly LabelledSequence[], { batchSize, paddingId, seed }: { readonly batchSize: number; readonly paddingId: number; readonly seed: number }) {
    this.#epochs = new Epochs(texts, { batchSize, seed, lengthOf: ({ ids }) => ids.length });
    this.#paddingId = paddingId;
  }

  get batchSize(): number {
    return this.#epochs.batchSize;
  }

  get position(): unknown {
    return this.#epochs.position;
  }

  seek(position: unknown): void {
    this.#epochs.seek(position);
  }

  next(): ConditionedBatch {
    return conditionedBatch(this.#epochs.next(), this.#paddingId);
  }
}

/** Pads texts and sets the marks. */
export function conditionedBatch(texts: readonly LabelledSequence[], paddingId: number): ConditionedBatch {
  return { labels: Int32Array.from(texts, ({ label }) => label), texts: teacherForced(texts.map(({ ids }) => ids), paddingId) };
}
