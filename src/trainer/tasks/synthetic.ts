import { ConfigError } from '../../config/parse.ts';
import type { ModelConfig, RunConfig } from '../../config/schema.ts';
import type { TaskName } from '../../config/task.ts';
import { tasks } from '../../config/tasks.ts';
import { InputError } from '../../data/inputError.ts';
import type { SequenceBatch, SyntheticTask } from '../../data/synthetic/sequenceBatch.ts';
import { SyntheticBatches } from '../../data/synthetic/syntheticBatches.ts';
import { savedSequenceModel } from '../../models/savedModels.ts';
import { SequenceModel } from '../../models/sequenceModel.ts';
import { Generator } from '../../random/generator.ts';
import { probedSequenceModel } from '../../training/probedSequenceModel.ts';
import { sequenceLoss } from '../../training/sequenceLoss.ts';
import { scoreSequences } from '../../training/sequenceScoring.ts';
import { SequenceTrainer } from '../../training/sequenceTrainer.ts';
import type { TrainingTask } from '../../training/trainingTask.ts';
import { generatedInBatches } from './generatedInBatches.ts';
import type { LoadedTask, TaskKind } from './taskKind.ts';

/** A task of its name whose sequences are generated. */
export function syntheticTask(name: 'temporal-order' | 'adding', task: SyntheticTask): TaskKind {
  const load = (config: RunConfig): LoadedTask => {
    if (config.task.name !== name) throw new Error(`The task ${config.task.name} is not ${name}.`);
    const { model, data, training, seed } = config;
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
      shape: { task: name, model, timeSteps, batchSize: training.batchSize, inputs: task.inputs },
      text: null,
      facts: [
        `sequences of ${timeSteps.toLocaleString('en')} steps, new ones in every step of training`,
        `${validationSequences.toLocaleString('en')} others to validate`,
      ],
      notices: [],
      keepSource: async () => null,
      baselines: async () => task.baselines,
      create() {
        const sequences = { timeSteps, batchSize: training.batchSize };
        const batches = new SyntheticBatches(task, sequences, Generator.forPurpose(seed, 'training sequences'));
        const validation = generatedInBatches(
          task,
          timeSteps,
          validationSequences,
          Generator.forPurpose(seed, 'validation sequences'),
        );
        return create(name, newModel(task, model, Generator.forPurpose(seed, 'dropout')), batches, validation, config);
      },
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
    // Its sequences are numbers or letters of its own: there is nothing to read or score but what it generates.
    open: async () => ({ dispose: () => undefined }),
    rehearse({ model: config, timeSteps, batchSize }) {
      const model = newModel(task, config, Generator.forPurpose(1, 'measured masks'));
      model.initialize(Generator.forPurpose(1, 'measure'), config);
      const batches = new SyntheticBatches(
        task,
        { timeSteps, batchSize },
        Generator.forPurpose(1, 'measured sequences'),
      );
      return new SequenceTrainer(model, batches, (batch, options) => sequenceLoss(model, batch, options));
    },
  };
}

function newModel(
  { inputs, inputKind, outputs, outputKind }: SyntheticTask,
  config: ModelConfig,
  masks: Generator,
): SequenceModel {
  return new SequenceModel({ ...config, inputs, inputKind, outputs, outputKind }, masks);
}

function create(
  name: TaskName,
  model: SequenceModel,
  batches: SyntheticBatches<SequenceBatch>,
  validation: readonly SequenceBatch[],
  { model: config, training, seed }: RunConfig,
): TrainingTask {
  const trainer = new SequenceTrainer(
    model,
    batches,
    (batch, options) => sequenceLoss(model, batch, options),
    training,
  );
  return {
    trainer,
    parameterCount: model.parameterCount,
    stockObstacle: model.stockObstacle,
    initialize: () => model.initialize(Generator.forPurpose(seed, 'weights'), config),
    validate: async (breathe) => scoreSequences(model, validation, breathe),
    modelFiles: async () => ({ ...(await savedSequenceModel.files(model, name)) }),
    ...(validation[0] && { probed: probedSequenceModel(model, validation[0]) }),
    dispose() {
      trainer.dispose();
      model.dispose();
    },
  };
}
