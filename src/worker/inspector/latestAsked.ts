/** A newer question of the same reader has come. */
class InspectionSupersededError extends Error {
  override readonly name = 'InspectionSuperseded';
  readonly code = 'inspection-superseded';
  constructor(reader: string) {
    super(`The reader "${reader}" has asked again since.`);
  }
}

/** Which question of each reader is the newest: an older one that still waits is not worth answering. */
export class LatestAsked {
  readonly #asked = new Map<string, number>();

  /** Registers a question. @returns throws InspectionSupersededError once there is a newer one */
  register(reader: string): () => void {
    const turn = (this.#asked.get(reader) ?? 0) + 1;
    this.#asked.set(reader, turn);
    return () => {
      if (this.#asked.get(reader) !== turn) throw new InspectionSupersededError(reader);
    };
  }
}
