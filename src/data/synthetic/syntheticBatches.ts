import { type Generator, type GeneratorState, generatorState } from '../../random/generator.ts';
import type { BatchStream } from '../batchStream.ts';

/** Task that generates batches. */
export interface BatchGenerator<Batch> {
  generate(timeSteps: number, batch: number, generator: Generator): Batch;
}

/** Endless stream of new sequences whose position can be stored. */
export class SyntheticBatches<Batch> implements BatchStream<Batch> {
  readonly timeSteps: number;
  readonly batchSize: number;
  readonly #task: BatchGenerator<Batch>;
  readonly #generator: Generator;

  constructor(
    task: BatchGenerator<Batch>,
    { timeSteps, batchSize }: { timeSteps: number; batchSize: number },
    generator: Generator,
  ) {
    this.timeSteps = timeSteps;
    this.batchSize = batchSize;
    this.#task = task;
    this.#generator = generator;
  }

  next(): Batch {
    return this.#task.generate(this.timeSteps, this.batchSize, this.#generator);
  }

  /** Current position of the stream: the state of the generator that draws the sequences. */
  get position(): GeneratorState {
    return this.#generator.state;
  }

  seek(position: unknown): void {
    this.#generator.restore(generatorState.parse(position));
  }
}
