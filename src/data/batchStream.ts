/** Endless stream of training batches whose position can be stored. */
export interface BatchStream<Batch> {
  /** Sequences per batch; the last batch of an epoch may have fewer. */
  readonly batchSize: number;
  next(): Batch;
  /** Current position as JSON. */
  readonly position: unknown;
  /** Restores a stored position. @throws Error if it is malformed */
  seek(position: unknown): void;
}
