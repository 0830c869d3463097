import type { RunConfig } from '../../config/schema.ts';
import type { Initialization } from '../../models/initialize.ts';
import { Generator } from '../../random/generator.ts';
import type { TrainingLoop, TrainingTask } from '../../training/trainingTask.ts';

/** A model whose weights are tensors of the current backend. */
interface Network extends Pick<TrainingTask, 'parameterCount' | 'stockObstacle'> {
  initialize(generator: Generator, initialization: Initialization): void;
  dispose(): void;
}

/** The parts of a training task that are the same for every network. */
export function networkTask(
  model: Network,
  loop: TrainingLoop,
  { model: initialization, seed }: Pick<RunConfig, 'model' | 'seed'>,
): Pick<TrainingTask, 'loop' | 'parameterCount' | 'stockObstacle' | 'initialize' | 'dispose'> {
  return {
    loop,
    parameterCount: model.parameterCount,
    stockObstacle: model.stockObstacle,
    initialize: () => model.initialize(Generator.forPurpose(seed, 'weights'), initialization),
    dispose() {
      loop.dispose();
      model.dispose();
    },
  };
}
