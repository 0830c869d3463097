import type { Generator, GeneratorState } from '../../random/generator.ts';
import type { SequenceBatch, SyntheticTask } from './sequenceBatch.ts';

/** An endless stream of new sequences. Its position can be stored. */
export class SyntheticBatches {
  readonly timeSteps: number;
  readonly batchSize: number;
  readonly #task: SyntheticTask;
  readonly #generator: Generator;

  constructor(task: SyntheticTask, { timeSteps, batchSize }: { timeSteps: number; batchSize: number }, generator: Generator) {
    this.timeSteps = timeSteps;
    this.batchSize = batchSize;
    this.#task = task;
    this.#generator = generator;
  }

  next(): SequenceBatch {
    return this.#task.generate(this.timeSteps, this.batchSize, this.#generator);
  }

  /** Where the stream stands. */
  get position(): GeneratorState {
    return this.#generator.state;
  }

  seek(position: GeneratorState): void {
    this.#generator.restore(position);
  }
}
