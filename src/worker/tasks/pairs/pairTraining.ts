import type { RunConfig } from '../../../config/schema.ts';
import type { TaskName } from '../../../config/task.ts';
import type { ItemsOf } from '../../../data/labeled/epochs.ts';
import type { MarkedVocabulary } from '../../../data/pairs/markedVocabulary.ts';
import {
  byLength,
  type EncodedPair,
  pairBatch,
  PairBatcher,
  type PairPadding,
} from '../../../data/pairs/pairBatches.ts';
import type { TextPair } from '../../../data/synthetic/pairTask.ts';
import { EncoderDecoder } from '../../../models/encoderDecoder/encoderDecoder.ts';
import { savedEncoderDecoder } from '../../../models/savedModels.ts';
import { spreadItems } from '../../../probes/probed.ts';
import type { ReportBlock } from '../../../protocol/report.ts';
import { Generator } from '../../../random/generator.ts';
import { pairLoss, scorePairs } from '../../../training/pairs/pairLoss.ts';
import { pairWriter } from '../../../training/pairs/pairWriter.ts';
import { probedEncoder } from '../../../training/pairs/probedEncoder.ts';
import { isExact, type PairModel, translate } from '../../../training/pairs/translate.ts';
import { SequenceTrainer } from '../../../training/sequenceTrainer.ts';
import type { YieldNow, TrainingTask, Validation } from '../../../training/trainingTask.ts';
import { networkTask } from '../networkTask.ts';
import type { StepShape } from '../../stepShape.ts';
import { phrase } from '../../../phrases/phrase.ts';

/** Number of pairs that are scored together. */
const VALIDATION_BATCH = 128;
/** Number of validation pairs whose translations are shown, and number of those whose alignment is drawn. */
const [SHOWN, DRAWN] = [8, 3];

/** Pairs for training and validation. */
export interface PairData {
  readonly train: readonly EncodedPair[] | ItemsOf<EncodedPair>;
  readonly validation: readonly TextPair[];
  readonly source: MarkedVocabulary;
  readonly target: MarkedVocabulary;
  /** Maximum number of tokens in an output. */
  readonly maxLength: number;
}

export function encodePair({ source, target }: Pick<PairData, 'source' | 'target'>, pair: TextPair): EncodedPair {
  return { source: source.encode(pair.source), target: target.encode(pair.target) };
}

export function paddingOf({ source, target }: Pick<PairData, 'source' | 'target'>): PairPadding {
  return { source: source.paddingId, target: target.paddingId };
}

/** Model and training of a task that converts texts. */
export function pairTraining(
  name: TaskName,
  data: PairData,
  { task, model: shape, training, seed }: RunConfig,
): TrainingTask {
  const { source, target, maxLength } = data;
  const model = new EncoderDecoder(
    { ...shape, sourceSize: source.size, targetSize: target.size },
    Generator.forPurpose(seed, 'dropout'),
  );
  const padding = paddingOf(data);
  const batcher = new PairBatcher(data.train, { batchSize: training.batchSize, padding, seed });
  const loop = new SequenceTrainer(model, batcher, (batch, options) => pairLoss(model, batch, options), training);
  const pairModel: PairModel = { model, source, target, maxLength };
  const encoded = data.validation.map((pair) => encodePair(data, pair));
  const batches = byLength(encoded, ({ source: ids }) => ids.length, VALIDATION_BATCH).map(({ items }) =>
    pairBatch(items, padding),
  );
  return {
    ...networkTask(model, loop, { model: shape, seed }),
    async validate(yieldNow): Promise<Validation> {
      const { loss, tokenAccuracy } = await scorePairs(model, batches, yieldNow);
      const written = await translate(
        pairModel,
        encoded.map((pair) => pair.source),
        1,
        yieldNow,
      );
      const exact = written.filter(({ ids }, at) =>
        isExact(target.decode(ids), data.validation[at]?.target ?? ''),
      ).length;
      return { loss, n: encoded.length, scores: { tokenAccuracy, exactMatch: exact / encoded.length } };
    },
    writer: pairWriter(pairModel, 'beam' in task ? task.beam : 1),
    report: async (yieldNow) => examples(pairModel, data.validation.slice(0, SHOWN), yieldNow),
    modelFiles: async () => ({
      ...(await savedEncoderDecoder.files(model, name)),
      'source-vocabulary.json': JSON.stringify(source),
      'target-vocabulary.json': JSON.stringify(target),
      'writing.json': JSON.stringify({ version: 1, maxLength }),
    }),
    probed: probedEncoder(model, pairBatch(spreadItems(encoded), padding)),
  };
}

/** Trains a model of a given shape on dummy pairs, to time its steps. */
export function timedPairTraining({
  model: shape,
  inputs,
  outputs = inputs,
  timeSteps,
  batchSize,
}: StepShape): SequenceTrainer<ReturnType<PairBatcher['next']>> {
  const model = new EncoderDecoder(
    { ...shape, sourceSize: inputs, targetSize: outputs },
    Generator.forPurpose(1, 'measured masks'),
  );
  model.initialize(Generator.forPurpose(1, 'measure'), shape);
  const ids = (size: number) => Int32Array.from({ length: timeSteps }, (_, t) => t % size);
  const pairs = Array.from({ length: batchSize }, () => ({ source: ids(inputs), target: ids(outputs) }));
  const batcher = new PairBatcher(pairs, { batchSize, padding: { source: inputs - 1, target: outputs - 1 }, seed: 1 });
  return new SequenceTrainer(model, batcher, (batch, options) => pairLoss(model, batch, options));
}

/** Outputs of the model for a few pairs, with its attention. */
async function examples(model: PairModel, pairs: readonly TextPair[], yieldNow: YieldNow): Promise<ReportBlock[]> {
  const written = await translate(
    model,
    pairs.map(({ source }) => model.source.encode(source)),
    1,
    yieldNow,
  );
  const rows = pairs.map(({ source, target }, at) => [source, target, model.target.decode(written[at]?.ids ?? [])]);
  const table: ReportBlock = {
    kind: 'table',
    title: phrase('Validation pairs'),
    columns: [phrase('source'), phrase('target'), phrase('written')],
    rows,
    note: phrase('Output of the model for texts of the validation part, taking the most likely token each time.'),
  };
  return [table, ...pairs.slice(0, DRAWN).flatMap(({ source }, at) => drawnAlignment(model, source, written[at]))];
}

function drawnAlignment(
  { source, target }: PairModel,
  text: string,
  written: Awaited<ReturnType<typeof translate>>[number] | undefined,
): ReportBlock[] {
  if (!written || written.alignment.length === 0) return [];
  const ids = source.encode(text);
  const shown = (token: string) => (token === ' ' ? '␣' : token.trim());
  return [
    {
      kind: 'matrix',
      title: phrase('Alignment: {0}', text),
      rowAxis: phrase('written'),
      columnAxis: phrase('source'),
      rows: written.alignment.map((_, at) =>
        at < written.ids.length ? shown(target.tokensOf([written.ids[at]!])[0]!) : '<end>',
      ),
      columns: source.tokensOf(ids.length > 0 ? ids : [0]).map(shown),
      values: written.alignment.flat(),
      unit: phrase('attention weight'),
      path: [],
      note: phrase('Attention of each output token over the source. Each row sums to 1.'),
    },
  ];
}
