import type { RunConfig } from '../../../config/schema.ts';
import { Epochs } from '../../../data/labeled/epochs.ts';
import { padSequences } from '../../../data/labeled/sequenceBatcher.ts';
import type { WordVocabulary } from '../../../data/words/vocabulary.ts';
import { spreadItems } from '../../../probes/probed.ts';
import type { Baselines } from '../../../protocol/events.ts';
import { classProbabilities, dropWords } from '../../../training/classification.ts';
import { labelSetLosses, multiLabelLoss } from '../../../training/multiLabel.ts';
import { bestThresholds, multiLabelMetrics, type MultiLabelMetrics } from '../../../training/multiLabelMetrics.ts';
import { probedClassifier } from '../../../training/probedClassifier.ts';
import { SequenceTrainer } from '../../../training/sequenceTrainer.ts';
import type { TrainingTask } from '../../../training/trainingTask.ts';
import { networkTask } from '../networkTask.ts';
import type { ClassificationData, ClassifiedText } from './classificationData.ts';
import { multiLabelReport } from './multiLabelReport.ts';
import { begin, type NetworkStart } from './networkFamily.ts';
import { trainedNetwork } from './newNetwork.ts';
import { networkFiles } from './savedClassifier.ts';

/** Ids of a text, and 1 for each label that it has. */
interface LabelSetSequence {
  readonly ids: Int32Array;
  readonly targets: Float32Array;
}

/** A network that decides about each label by itself, and its training. */
export function multiLabelClassifier(
  data: ClassificationData,
  vocabulary: WordVocabulary,
  config: RunConfig,
  start: NetworkStart,
): TrainingTask {
  const { training, seed } = config;
  const { model, task, masks, idsOf } = trainedNetwork(data, vocabulary, config);
  const encode = (text: ClassifiedText): LabelSetSequence => ({
    ids: idsOf(text),
    targets: Float32Array.from(truthOf(text, data.labels), Number),
  });
  const epochs = new Epochs(data.train.map(encode), {
    batchSize: training.batchSize,
    seed,
    lengthOf: ({ ids }) => ids.length,
  });
  const loop = new SequenceTrainer(
    model,
    epochs,
    (batch, options) => {
      const padded = padSequences(
        batch.map(({ ids }) => ids),
        vocabulary.paddingId,
      );
      const targets = joinedTargets(batch, data.labels.length);
      return multiLabelLoss(model, { ...dropWords(padded, task.wordDropout, masks), targets }, options);
    },
    training,
  );
  const validation = data.validation.map(encode);
  const truth = data.validation.map((text) => truthOf(text, data.labels));
  const probed = spreadItems(validation);
  let thresholds = data.labels.map(() => 0.5);
  let shown: { probabilities: readonly (readonly number[])[]; metrics: MultiLabelMetrics } | undefined;
  const network = networkTask(model, loop, config);
  return {
    ...network,
    initialize() {
      network.initialize();
      begin(start, model, vocabulary, data.labels, config);
    },
    async validate(yieldNow) {
      const probabilities = await classProbabilities(
        model,
        validation.map(({ ids }) => ids),
        vocabulary.paddingId,
        { yieldNow, separately: true },
      );
      thresholds = bestThresholds(probabilities, truth, data.labels.length);
      const metrics = multiLabelMetrics(probabilities, truth, thresholds);
      shown = { probabilities, metrics };
      const { logLoss, n, microF1, macroF1, exactMatch, auc } = metrics;
      return { loss: logLoss, n, scores: { microF1, macroF1, exactMatch, ...(auc !== null && { auc }) } };
    },
    report: () => Promise.resolve(shown ? multiLabelReport(data, shown.probabilities, shown.metrics) : []),
    modelFiles: () => networkFiles(model, vocabulary, data.labels, config, thresholds),
    ...(model.layers.length > 0 && {
      probed: probedClassifier(
        model,
        probed.map(({ ids }) => ({ ids, label: 0 })),
        vocabulary.paddingId,
        (logits, chosen) =>
          labelSetLosses(
            logits,
            joinedTargets(
              chosen.flatMap((b) => probed[b] ?? []),
              data.labels.length,
            ),
          ),
      ),
    }),
  };
}

/** For each label, whether a text has it. */
export function truthOf({ labels }: { readonly labels: readonly string[] }, all: readonly string[]): boolean[] {
  return all.map((label) => labels.includes(label));
}

/** Baselines: each label by a coin, and by its frequency in the training part. */
export function multiLabelBaselines({ train, validation, labels }: ClassificationData): Baselines {
  const shares = labels.map((label) => train.filter((text) => text.labels.includes(label)).length / train.length);
  const metrics = multiLabelMetrics(
    validation.map(() => shares),
    validation.map((text) => truthOf(text, labels)),
    shares,
  );
  return { uniform: labels.length * Math.LN2, 'frequency of labels': metrics.logLoss };
}

function joinedTargets(batch: readonly LabelSetSequence[], labels: number): Float32Array {
  const targets = new Float32Array(batch.length * labels);
  batch.forEach((text, b) => targets.set(text.targets, b * labels));
  return targets;
}
