import type { RunConfig } from '../../../config/schema.ts';
import { InputError } from '../../../data/inputError.ts';
import { ConditionedBatcher, conditionedBatch } from '../../../data/labeled/conditionedBatches.ts';
import type { LabeledSequence } from '../../../data/labeled/sequenceBatcher.ts';
import { splitLabeled } from '../../../data/labeled/split.ts';
import { MarkedVocabulary } from '../../../data/pairs/markedVocabulary.ts';
import { byLength } from '../../../data/pairs/pairBatches.ts';
import { unigramLoss } from '../../../data/pairs/unigramLoss.ts';
import { formatCount } from '../../../format/count.ts';
import { ConditionedModel } from '../../../models/conditioned/conditionedModel.ts';
import { savedConditionedModel } from '../../../models/savedModels.ts';
import { spreadItems } from '../../../probes/probed.ts';
import type { ReportBlock } from '../../../protocol/report.ts';
import { Generator } from '../../../random/generator.ts';
import { conditionedLoss, probedConditioned, scoreConditioned } from '../../../training/conditioned/conditionedLoss.ts';
import { writeLabeled } from '../../../training/conditioned/writeLabeled.ts';
import { SequenceTrainer } from '../../../training/sequenceTrainer.ts';
import type { TrainingTask } from '../../../training/trainingTask.ts';
import { type DataFiles, fromFiles } from '../dataFiles.ts';
import { networkTask } from '../networkTask.ts';
import type { LoadedTask, TaskKind } from '../taskKind.ts';
import { type LabeledData, readLabeled } from './labeledData.ts';
import { labeledTextWriter, writeLines, type LabeledWriter } from './labeledWriter.ts';
import { openLabeledWriter } from './storedLabeledWriter.ts';
import { phrase, type Text } from '../../../phrases/phrase.ts';

/** Number of texts that are scored together. */
const VALIDATION_BATCH = 256;
/** Number of texts shown for each label. */
const SHOWN = 4;

/** Generation of texts for a label, character by character up to an end mark, such as names of a language. */
export const conditionedGeneration: TaskKind = {
  ...fromFiles(loaded),
  open: openLabeledWriter,
  timedLoop({ model: config, inputs, outputs = 2, timeSteps, batchSize }) {
    const model = new ConditionedModel(
      { ...config, vocabularySize: inputs, labels: outputs },
      Generator.forPurpose(1, 'measured masks'),
    );
    model.initialize(Generator.forPurpose(1, 'measure'), config);
    const texts = Array.from({ length: batchSize }, (_, b) => ({
      label: b % outputs,
      ids: Int32Array.from({ length: timeSteps }, (_step, t) => (t + b) % inputs),
    }));
    const batcher = new ConditionedBatcher(texts, { batchSize, paddingId: inputs - 1, seed: 1 });
    return new SequenceTrainer(model, batcher, (batch, options) => conditionedLoss(model, batch, options));
  },
};

/** The training data. */
interface Parts {
  readonly train: readonly LabeledSequence[];
  readonly validation: readonly LabeledSequence[];
  readonly vocabulary: MarkedVocabulary;
  readonly labels: readonly string[];
  readonly maxLength: number;
}

async function loaded(files: DataFiles, config: RunConfig, { name }: { name: string }): Promise<LoadedTask> {
  const { data, model, training, seed } = config;
  const all = await readLabeled(files.train);
  const other = files.validation && (await readLabeled(files.validation));
  const [forTraining, forValidation] = other
    ? [all.items, other.items]
    : splitLabeled(all.items, data, Generator.forPurpose(seed, 'validation split'));
  const { labels } = all;
  const known = forValidation.filter(({ label }) => labels.includes(label));
  const vocabulary = MarkedVocabulary.fit(
    forTraining.map(({ text }) => text),
    'character',
  );
  const encoded = (items: LabeledData['items']): LabeledSequence[] =>
    items.map(({ text, label }) => ({ ids: vocabulary.encode(text), label: labels.indexOf(label) }));
  const train = encoded(forTraining).filter(({ ids }) => ids.length <= data.sequenceLength);
  const validation = encoded(known).filter(({ ids }) => ids.length <= data.sequenceLength);
  if (train.length === 0 || validation.length === 0) {
    throw new InputError(
      'too-short',
      phrase(
        '"{0}" has too few texts of at most {1} characters for training and validation. Raise data.sequenceLength, or add texts.',
        name,
        data.sequenceLength,
      ),
    );
  }
  const parts: Parts = {
    train,
    validation,
    vocabulary,
    labels,
    maxLength: train.reduce((longest, { ids }) => Math.max(longest, ids.length), 1),
  };
  const meanSteps = 1 + Math.round(train.reduce((sum, { ids }) => sum + ids.length, 0) / train.length);
  const batchSize = Math.min(training.batchSize, train.length);
  return {
    name,
    batchSize,
    shape: {
      task: 'conditioned-generation',
      model,
      timeSteps: meanSteps,
      batchSize,
      inputs: vocabulary.size,
      outputs: labels.length,
    },
    text: null,
    facts: [
      phrase(
        '{0} texts of {1} labels for training, {2} for validation',
        formatCount(train.length),
        formatCount(labels.length),
        formatCount(validation.length),
      ),
      phrase('vocabulary of {0} characters, including marks', formatCount(vocabulary.size)),
      phrase('at most {0} characters in a text', formatCount(parts.maxLength)),
    ],
    notices: notices(
      all,
      other,
      forTraining.length - train.length,
      known.length - validation.length,
      forValidation.length - known.length,
      data.sequenceLength,
    ),
    baselines: async () => ({
      uniform: Math.log(vocabulary.size),
      unigram: unigramLoss(
        train.map(({ ids }) => ids),
        validation.map(({ ids }) => ids),
        vocabulary.size,
      ),
    }),
    create: () => create(parts, { ...config, training: { ...training, batchSize } }),
  };
}

function create(
  { train, validation, vocabulary, labels, maxLength }: Parts,
  { model: shape, training, seed, sampling }: RunConfig,
): TrainingTask {
  const model = new ConditionedModel(
    { ...shape, vocabularySize: vocabulary.size, labels: labels.length },
    Generator.forPurpose(seed, 'dropout'),
  );
  const { paddingId } = vocabulary;
  const batcher = new ConditionedBatcher(train, { batchSize: training.batchSize, paddingId, seed });
  const loop = new SequenceTrainer(
    model,
    batcher,
    (batch, options) => conditionedLoss(model, batch, options),
    training,
  );
  const batches = byLength(validation, ({ ids }) => ids.length, VALIDATION_BATCH).map(({ items }) =>
    conditionedBatch(items, paddingId),
  );
  const writer: LabeledWriter = { model, vocabulary, labels, maxLength };
  return {
    ...networkTask(model, loop, { model: shape, seed }),
    async validate(yieldNow) {
      const { loss } = await scoreConditioned(model, batches, yieldNow);
      return { loss, n: validation.length };
    },
    report: async () => [await samples(writer, sampling.temperature, Generator.forPurpose(seed, 'shown samples'))],
    modelFiles: async () => ({
      ...(await savedConditionedModel.files(model, 'conditioned-generation')),
      'vocabulary.json': JSON.stringify(vocabulary),
      'labels.json': JSON.stringify({ version: 1, labels, maxLength }),
    }),
    probed: probedConditioned(model, conditionedBatch(spreadItems(validation), paddingId)),
    writer: labeledTextWriter(writer),
    write: (options) => writeLines(writer, options),
  };
}

/** Texts that the model writes for each label. */
async function samples(
  { model, vocabulary, labels, maxLength }: LabeledWriter,
  temperature: number,
  generator: Generator,
): Promise<ReportBlock> {
  const requested = Int32Array.from({ length: labels.length * SHOWN }, (_, at) => Math.floor(at / SHOWN));
  const texts = await writeLabeled(model, vocabulary, {
    labels: requested,
    prompt: '',
    maxLength,
    temperature,
    generator,
  });
  return {
    kind: 'table',
    title: phrase('Texts by label'),
    columns: [phrase('label'), phrase('texts')],
    rows: labels.map((label, index) => [label, texts.slice(index * SHOWN, (index + 1) * SHOWN).join(', ')]),
    note: phrase('Sampled at temperature {0}, starting from the initial states of each label.', temperature),
  };
}

function notices(
  all: LabeledData,
  other: LabeledData | undefined,
  long: number,
  longInValidation: number,
  unknown: number,
  limit: number,
): Text[] {
  const messages = [all, ...(other ? [other] : [])].flatMap(({ skipped: [first, ...rest] }) =>
    first
      ? [
          phrase(
            '{0} rows or files were skipped. The first is {1}: {2}.',
            formatCount(1 + rest.length),
            first.where,
            first.reason,
          ),
        ]
      : [],
  );
  if (long + longInValidation > 0)
    messages.push(
      phrase(
        '{0} texts are longer than {1} characters (data.sequenceLength) and were skipped.',
        formatCount(long + longInValidation),
        limit,
      ),
    );
  if (unknown > 0)
    messages.push(
      phrase(
        '{0} validation texts were skipped, because their labels do not occur in the training data.',
        formatCount(unknown),
      ),
    );
  return messages;
}
