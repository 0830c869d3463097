import * as z from 'zod';
import { InputError } from '../../../data/inputError.ts';
import { conditionedBatch } from '../../../data/labeled/conditionedBatches.ts';
import { splitByText } from '../../../data/labeled/split.ts';
import { MarkedVocabulary } from '../../../data/pairs/markedVocabulary.ts';
import { byLength } from '../../../data/pairs/pairBatches.ts';
import { savedConditionedModel } from '../../../models/savedModels.ts';
import { parseFile } from '../../../models/savedModel.ts';
import { yieldToEventLoop } from '../../../platform/system.ts';
import { Generator } from '../../../random/generator.ts';
import { scoreConditioned } from '../../../training/conditioned/conditionedLoss.ts';
import { fitRecognizer, type Labeled, recognition } from '../../../training/conditioned/recognition.ts';
import { writeLabeled } from '../../../training/conditioned/writeLabeled.ts';
import { assertFits, readModelFiles, readModelJson, readModelText } from '../../trainedModel.ts';
import type { RunRecord } from '../../../runs/record.ts';
import { readSource } from '../dataFiles.ts';
import type { Evaluated, StoredModel } from '../storedModel.ts';
import { readLabeled } from './labeledData.ts';
import { labeledTextWriter, type LabeledWriter } from './labeledWriter.ts';
import { joined, phrase, type Text } from '../../../phrases/phrase.ts';

const BATCH = 256;
/** Number of texts written for each label, for the classifier to recognize. */
const WRITTEN = 50;
/** Fraction of the real texts held out from the classifier, to measure how well it recognizes real texts. */
const HELD_OUT = 0.2;

const labelsSchema = z.object({
  version: z.literal(1),
  labels: z.array(z.string()).min(1),
  maxLength: z.int().positive(),
});

/** The stored model of a run that writes texts for labels. */
export async function openLabeledWriter(folder: string, { config }: RunRecord): Promise<StoredModel> {
  const model = savedConditionedModel.load(await readModelFiles(folder));
  const vocabulary = MarkedVocabulary.fromJSON(await readModelJson(folder, 'vocabulary.json'));
  const { labels, maxLength } = parseFile(labelsSchema, await readModelText(folder, 'labels.json'), 'labels.json');
  assertFits('vocabulary.json', vocabulary.size, model.shape.vocabularySize);
  const writer: LabeledWriter = { model, vocabulary, labels, maxLength };
  return {
    writer: labeledTextWriter(writer),
    async evaluate(path, columns): Promise<Evaluated> {
      const data = await readLabeled(readSource({ kind: 'file', path }, config), columns);
      const known = data.items
        .filter(({ label }) => labels.includes(label))
        .map(({ text, label }) => ({ text, label: labels.indexOf(label) }));
      if (known.length === 0)
        throw new InputError(
          'unknown-label',
          phrase('"{0}" has no text with a label that the model knows: {1}.', path, labels.join(', ')),
        );
      const sequences = known.map(({ text, label }) => ({ ids: vocabulary.encode(text), label }));
      const batches = byLength(sequences, ({ ids }) => ids.length, BATCH).map(({ items }) =>
        conditionedBatch(items, vocabulary.paddingId),
      );
      const { loss: lossNats, characters } = await scoreConditioned(model, batches, () => yieldToEventLoop());
      const recognized = await scoreRecognition(writer, known);
      const perplexity = Math.exp(lossNats);
      const summary = phrase(
        '{0} nats per character, perplexity {1}, over {2} characters of {3} texts',
        lossNats.toFixed(4),
        perplexity.toFixed(3),
        characters,
        known.length,
      );
      const unknown = data.items.length - known.length;
      return {
        measures: {
          task: 'conditioned-generation',
          n: known.length,
          characters,
          lossNats,
          perplexity,
          ...(recognized && recognized.measures),
        },
        summary: joined([summary, recognized?.summary], '\n'),
        skipped: [
          ...data.skipped,
          ...(unknown > 0
            ? [{ where: phrase('{0} texts', unknown), reason: phrase('the model does not know their labels') }]
            : []),
        ],
      };
    },
    dispose: () => model.dispose(),
  };
}

/**
 * Accuracy of a classifier of the real texts (naive Bayes over character n-grams) on the labels of written texts.
 * The accuracy on held-out real texts is given for comparison. Undefined if a label has no texts.
 */
async function scoreRecognition(
  { model, vocabulary, labels, maxLength }: LabeledWriter,
  texts: readonly Labeled[],
): Promise<{ measures: Record<string, unknown>; summary: Text } | undefined> {
  const [real, heldOut] = splitByText(texts, HELD_OUT, Generator.forPurpose(1, 'judge'));
  if (labels.length < 2 || labels.some((_, label) => !real.some((each) => each.label === label))) return undefined;
  const recognize = fitRecognizer(real, labels.length);
  const requested = Int32Array.from({ length: labels.length * WRITTEN }, (_, at) => at % labels.length);
  const written = await writeLabeled(model, vocabulary, {
    labels: requested,
    prompt: '',
    maxLength,
    temperature: 1,
    generator: Generator.forPurpose(1, 'judged texts'),
  });
  const ofWritten = recognition(
    recognize,
    written.map((text, at) => ({ text, label: requested[at]! })),
    labels.length,
  );
  const ofReal = recognition(recognize, heldOut, labels.length);
  const chance = 1 / labels.length;
  const byLabel = Object.fromEntries(labels.map((label, index) => [label, ofWritten.byLabel[index]]));
  return {
    measures: { recognised: ofWritten.mean, recognisedReal: ofReal.mean, chance, recognisedByLabel: byLabel },
    summary: phrase(
      'a classifier of the real texts recognizes the label of {0} % of the written texts (mean over labels; held-out real texts {1} %, chance {2} %)',
      (100 * ofWritten.mean).toFixed(1),
      (100 * ofReal.mean).toFixed(1),
      (100 * chance).toFixed(1),
    ),
  };
}
