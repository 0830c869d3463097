import { ConfigError } from '../../config/parse.ts';
import type { ModelConfig, RunConfig } from '../../config/schema.ts';
import { tasks } from '../../config/tasks.ts';
import { InputError } from '../../data/inputError.ts';
import type { StepwiseBatch, StepwiseTask } from '../../data/synthetic/stepwiseTask.ts';
import { SyntheticBatches } from '../../data/synthetic/syntheticBatches.ts';
import { savedStepwiseModel } from '../../models/savedModels.ts';
import { StepwiseModel } from '../../models/stepwiseModel.ts';
import { Generator } from '../../random/generator.ts';
import { probedStepwiseModel } from '../../training/probedStepwiseModel.ts';
import { SequenceTrainer } from '../../training/sequenceTrainer.ts';
import { scoreStepwise, stepwiseLoss } from '../../training/stepwiseLoss.ts';
import type { TrainingTask } from '../../training/trainingTask.ts';
import { generatedInBatches } from './generatedInBatches.ts';
import type { LoadedTask, TaskKind } from './taskKind.ts';

/** A task whose sequences are generated and which asks for an answer at each step. */
export function stepwiseTask(name: 'copying' | 'counting', task: StepwiseTask): TaskKind {
  const load = (config: RunConfig): LoadedTask => {
    if (config.task.name !== name) throw new Error(`The task ${config.task.name} is not ${name}.`);
    const { model, data, training } = config;
    const timeSteps = data.sequenceLength;
    if (timeSteps < task.minTimeSteps) {
      throw new ConfigError(
        `data.sequenceLength: ${timeSteps} is too short for the task ${name}; it takes at least ${task.minTimeSteps} steps.`,
        { fields: ['data.sequenceLength'] },
      );
    }
    const { validationSequences } = config.task;
    return {
      name: tasks[name].title,
      batchSize: training.batchSize,
      shape: {
        task: name,
        model,
        timeSteps,
        batchSize: training.batchSize,
        inputs: task.inputSymbols.length,
        outputs: task.outputSymbols.length,
      },
      text: null,
      facts: [
        `sequences of ${timeSteps.toLocaleString('en')} steps, new ones in every step of training`,
        `${validationSequences.toLocaleString('en')} others to validate`,
      ],
      notices: [],
      keepSource: async () => null,
      baselines: async () => ({ 'best guess without memory': task.guessLoss(timeSteps) }),
      create: () => create(name, task, validationSequences, config),
    };
  };

  return {
    async load(source, config) {
      if (source.kind !== 'generated') {
        throw new InputError('not-a-file', `The task ${name} generates what it trains on; leave the file out.`);
      }
      return load(config);
    },
    reload: async (_folder, { config }) => load(config),
    // Its symbols are its own: there is nothing to read or score but what it generates.
    open: async () => ({ dispose: () => undefined }),
    rehearse({ model: config, timeSteps, batchSize }) {
      const model = newModel(task, config, Generator.forPurpose(1, 'measured masks'));
      model.initialize(Generator.forPurpose(1, 'measure'), config);
      const sizes = { timeSteps: Math.max(timeSteps, task.minTimeSteps), batchSize };
      const batches = new SyntheticBatches(task, sizes, Generator.forPurpose(1, 'measured sequences'));
      return new SequenceTrainer(model, batches, (batch, options) => stepwiseLoss(model, batch, options));
    },
  };
}

function newModel({ inputSymbols, outputSymbols }: StepwiseTask, config: ModelConfig, masks: Generator): StepwiseModel {
  return new StepwiseModel({ ...config, inputs: inputSymbols.length, outputs: outputSymbols.length }, masks);
}

function create(
  name: 'copying' | 'counting',
  task: StepwiseTask,
  count: number,
  { model: config, data, training, seed }: RunConfig,
): TrainingTask {
  const timeSteps = data.sequenceLength;
  const model = newModel(task, config, Generator.forPurpose(seed, 'dropout'));
  const sequences = { timeSteps, batchSize: training.batchSize };
  const batches = new SyntheticBatches<StepwiseBatch>(
    task,
    sequences,
    Generator.forPurpose(seed, 'training sequences'),
  );
  const validation = generatedInBatches(task, timeSteps, count, Generator.forPurpose(seed, 'validation sequences'));
  const trainer = new SequenceTrainer(
    model,
    batches,
    (batch, options) => stepwiseLoss(model, batch, options),
    training,
  );
  return {
    trainer,
    parameterCount: model.parameterCount,
    stockObstacle: model.stockObstacle,
    initialize: () => model.initialize(Generator.forPurpose(seed, 'weights'), config),
    validate: async (breathe) => scoreStepwise(model, validation, breathe),
    modelFiles: async () => ({ ...(await savedStepwiseModel.files(model, name)) }),
    ...(validation[0] && { probed: probedStepwiseModel(model, validation[0]) }),
    dispose() {
      trainer.dispose();
      model.dispose();
    },
  };
}
