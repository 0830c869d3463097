/** An endless stream of batches to train on, whose place can be stored. */
export interface BatchStream<Batch> {
  /** Sequences of a batch; the last of an epoch may have fewer. */
  readonly batchSize: number;
  next(): Batch;
  /** Where it stands, as JSON. */
  readonly position: unknown;
  /** Goes back to a stored place. @throws Error for one that is not of its form */
  seek(position: unknown): void;
}
