import type * as tf from '@tensorflow/tfjs';
import { ConfigError } from '../../config/parse.ts';
import type { ModelConfig, RunConfig } from '../../config/schema.ts';
import type { SequenceTaskName, TaskConfig, TaskName } from '../../config/task.ts';
import { tasks } from '../../config/tasks.ts';
import { InputError } from '../../data/inputError.ts';
import type { SequenceBatch, SyntheticTask } from '../../data/synthetic/sequenceBatch.ts';
import type { StepwiseBatch, StepwiseTask } from '../../data/synthetic/stepwiseTask.ts';
import { type BatchGenerator, SyntheticBatches } from '../../data/synthetic/syntheticBatches.ts';
import { formatCount } from '../../format/count.ts';
import type { NetworkOptions, RecurrentNetwork } from '../../models/recurrentNetwork.ts';
import type { ModelFiles } from '../../models/savedModel.ts';
import { savedSequenceModel, savedStepwiseModel } from '../../models/savedModels.ts';
import { SequenceModel } from '../../models/sequenceModel.ts';
import { StepwiseModel } from '../../models/stepwiseModel.ts';
import type { Probed } from '../../probes/probed.ts';
import type { Baselines } from '../../protocol/events.ts';
import { Generator } from '../../random/generator.ts';
import { probedSequenceModel } from '../../training/probedSequenceModel.ts';
import { probedStepwiseModel } from '../../training/probedStepwiseModel.ts';
import { sequenceLoss } from '../../training/sequenceLoss.ts';
import { scoreSequences } from '../../training/sequenceScoring.ts';
import { SequenceTrainer } from '../../training/sequenceTrainer.ts';
import { scoreStepwise, stepwiseLoss } from '../../training/stepwiseLoss.ts';
import type { TrainingTask } from '../../training/trainingTask.ts';
import { networkTask } from './networkTask.ts';
import type { LoadedTask, TaskKind } from './taskKind.ts';
import { phrase, say } from '../../phrases/phrase.ts';

/** Maximum number of sequences that a validation scores at once. */
const VALIDATION_BATCH = 250;

/**
 * A task with one answer at the end of each sequence (many-to-one).
 * @param configured the task with the fields of its configuration; omitted: it has none
 */
export function sequenceTask(
  name: SequenceTaskName,
  task: SyntheticTask,
  configured: (config: TaskConfig) => SyntheticTask = () => task,
): TaskKind {
  const { inputs, inputKind, outputs, outputKind } = task;
  return generatedTask<SequenceBatch, SequenceModel>({
    name,
    task,
    configured,
    sizes: { inputs },
    baselines: () => task.baselines,
    newModel: (config, masks) => new SequenceModel({ ...config, inputs, inputKind, outputs, outputKind }, masks),
    loss: sequenceLoss,
    score: scoreSequences,
    files: (model) => savedSequenceModel.files(model, name),
    probed: probedSequenceModel,
  });
}

/** A task with an answer at each step (many-to-many). */
export function stepwiseTask(name: SequenceTaskName, task: StepwiseTask): TaskKind {
  const sizes = { inputs: task.inputSymbols.length, outputs: task.outputSymbols.length };
  return generatedTask<StepwiseBatch, StepwiseModel>({
    name,
    task,
    configured: () => task,
    sizes,
    baselines: (timeSteps) => ({
      uniform: Math.log(sizes.outputs),
      'best guess without memory': task.guessLoss(timeSteps),
    }),
    newModel: (config, masks) => new StepwiseModel({ ...config, ...sizes }, masks),
    loss: stepwiseLoss,
    score: scoreStepwise,
    files: (model) => savedStepwiseModel.files(model, name),
    probed: probedStepwiseModel,
  });
}

/** Loads and reloads a task that generates its data. */
export function fromGenerator(
  name: TaskName,
  generate: (config: RunConfig) => LoadedTask,
): Pick<TaskKind, 'load' | 'reload' | 'repeat'> {
  return {
    async load(source, config) {
      if (source.kind !== 'generated') {
        throw new InputError('not-a-file', phrase('The task {0} generates its data. Omit the file.', name));
      }
      return { ...generate(config), keepSource: async () => null };
    },
    reload: async (_folder, { config }) => generate(config),
    repeat: async (_folder, { config }) => ({ ...generate(config), keepSource: async () => null }),
  };
}

type SequenceGenerator<Batch> = BatchGenerator<Batch> & { readonly minTimeSteps: number };

/** A task whose sequences are generated, with the model that learns it. */
interface GeneratedTask<Batch, Model> {
  readonly name: SequenceTaskName;
  /** A task of the same shapes as every configured one, to time a step. */
  readonly task: SequenceGenerator<Batch>;
  configured(config: TaskConfig): SequenceGenerator<Batch>;
  /** Sizes that the time of a training step depends on. */
  readonly sizes: { readonly inputs: number; readonly outputs?: number };
  baselines(timeSteps: number): Baselines;
  /** @param masks draws the masks of dropout */
  newModel(config: ModelConfig, masks: Generator): Model;
  loss(model: Model, batch: Batch, options: NetworkOptions): tf.Scalar;
  score(
    model: Model,
    batches: readonly Batch[],
    ...rest: Parameters<TrainingTask['validate']>
  ): ReturnType<TrainingTask['validate']>;
  files(model: Model): Promise<ModelFiles>;
  probed(model: Model, batch: Batch): Probed;
}

function generatedTask<Batch, Model extends RecurrentNetwork>(definition: GeneratedTask<Batch, Model>): TaskKind {
  const { name, sizes } = definition;
  const load = (config: RunConfig): LoadedTask => {
    if (config.task.name !== name) throw new Error(`The task ${config.task.name} is not ${name}.`);
    const { model, data, training } = config;
    const { sequenceLength: timeSteps } = data;
    const { batchSize } = training;
    const { minTimeSteps } = definition.configured(config.task);
    if (timeSteps < minTimeSteps) {
      throw new ConfigError(
        phrase(
          'data.sequenceLength: {0} is too short for the task {1}; it takes at least {2} steps.',
          timeSteps,
          name,
          minTimeSteps,
        ),
        { fields: ['data.sequenceLength'] },
      );
    }
    const { validationSequences } = config.task;
    return {
      name: say(tasks[name].title),
      batchSize,
      shape: { task: name, model, timeSteps, batchSize, ...sizes },
      text: null,
      facts: [
        phrase('sequences of {0} steps, new in each training step', formatCount(timeSteps)),
        phrase('{0} sequences for validation', formatCount(validationSequences)),
      ],
      notices: [],
      baselines: async () => definition.baselines(timeSteps),
      create: () => create(definition, validationSequences, config),
    };
  };

  return {
    ...fromGenerator(name, load),
    // The model does not read texts, and the only data to score is generated.
    open: async () => ({ dispose: () => undefined }),
    timedLoop({ model: config, timeSteps, batchSize }) {
      const model = definition.newModel(config, Generator.forPurpose(1, 'measured masks'));
      model.initialize(Generator.forPurpose(1, 'measure'), config);
      const { task } = definition;
      const size = { timeSteps: Math.max(timeSteps, task.minTimeSteps), batchSize };
      const batches = new SyntheticBatches(task, size, Generator.forPurpose(1, 'measured sequences'));
      return new SequenceTrainer(model, batches, (batch, options) => definition.loss(model, batch, options));
    },
  };
}

function create<Batch, Model extends RecurrentNetwork>(
  { configured, newModel, loss, score, files, probed }: GeneratedTask<Batch, Model>,
  validationSequences: number,
  { task: taskConfig, model: config, data, training, seed }: RunConfig,
): TrainingTask {
  const { sequenceLength: timeSteps } = data;
  const { truncation } = training;
  const task = configured(taskConfig);
  const model = newModel(config, Generator.forPurpose(seed, 'dropout'));
  const size = { timeSteps, batchSize: training.batchSize };
  const batches = new SyntheticBatches(task, size, Generator.forPurpose(seed, 'training sequences'));
  const validation = inBatches(
    task,
    timeSteps,
    validationSequences,
    Generator.forPurpose(seed, 'validation sequences'),
  );
  const loop = new SequenceTrainer(
    model,
    batches,
    (batch, options) => loss(model, batch, { ...options, truncation }),
    training,
  );
  return {
    ...networkTask(model, loop, { model: config, seed }),
    validate: async (yieldNow) => score(model, validation, yieldNow),
    modelFiles: async () => ({ ...(await files(model)) }),
    ...(validation[0] && { probed: probed(model, validation[0]) }),
  };
}

/** Generates `count` sequences in batches of at most `VALIDATION_BATCH`. */
function inBatches<Batch>(
  task: BatchGenerator<Batch>,
  timeSteps: number,
  count: number,
  generator: Generator,
): Batch[] {
  const batches: Batch[] = [];
  for (let done = 0; done < count; done += VALIDATION_BATCH) {
    batches.push(task.generate(timeSteps, Math.min(VALIDATION_BATCH, count - done), generator));
  }
  return batches;
}
