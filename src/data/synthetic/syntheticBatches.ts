import * as z from 'zod';
import type { Generator, GeneratorState } from '../../random/generator.ts';
import type { BatchStream } from '../batchStream.ts';

/** State of the generator that draws the sequences. */
const positionSchema = z.tuple([z.int(), z.int(), z.int(), z.int()]);

/** Something that makes sequences. */
export interface Generates<Batch> {
  generate(timeSteps: number, batch: number, generator: Generator): Batch;
}

/** An endless stream of new sequences. Its position can be stored. */
export class SyntheticBatches<Batch> implements BatchStream<Batch> {
  readonly timeSteps: number;
  readonly batchSize: number;
  readonly #task: Generates<Batch>;
  readonly #generator: Generator;

  constructor(
    task: Generates<Batch>,
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

  /** Where the stream stands. */
  get position(): GeneratorState {
    return this.#generator.state;
  }

  seek(position: unknown): void {
    this.#generator.restore(positionSchema.parse(position));
  }
}
