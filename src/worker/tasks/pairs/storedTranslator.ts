import * as z from 'zod';
import { MarkedVocabulary } from '../../../data/pairs/markedVocabulary.ts';
import type { TextPair } from '../../../data/synthetic/pairTask.ts';
import { byLength, pairBatch } from '../../../data/pairs/pairBatches.ts';
import { savedEncoderDecoder } from '../../../models/savedModels.ts';
import { parseFile } from '../../../models/savedModel.ts';
import { yieldToEventLoop } from '../../../platform/system.ts';
import type { RunRecord } from '../../../runs/record.ts';
import { bleu } from '../../../training/pairs/bleu.ts';
import { scorePairs } from '../../../training/pairs/pairLoss.ts';
import { pairWriter } from '../../../training/pairs/pairWriter.ts';
import { isExact, type PairModel, translate } from '../../../training/pairs/translate.ts';
import { assertFits, hasModelFile, readModelFiles, readModelJson, readModelText } from '../../trainedModel.ts';
import { readSource } from '../dataFiles.ts';
import type { Evaluated, StoredModel } from '../storedModel.ts';
import { readPairTable } from './pairTable.ts';
import { encodePair, paddingOf } from './pairTraining.ts';
import { joined, phrase } from '../../../phrases/phrase.ts';

const BATCH = 128;

const writingSchema = z.object({ version: z.literal(1), maxLength: z.int().positive() });

/** The encoder and decoder of a run. */
export async function openTranslator(folder: string, { config }: RunRecord): Promise<StoredModel> {
  const model = savedEncoderDecoder.load(await readModelFiles(folder));
  const writing = await readModelText(folder, 'writing.json');
  const { maxLength } = parseFile(writingSchema, writing, 'writing.json');
  const pairModel: PairModel = { model, ...(await readVocabularies(folder)), maxLength };
  assertFits('source-vocabulary.json', pairModel.source.size, model.shape.sourceSize);
  assertFits('target-vocabulary.json', pairModel.target.size, model.shape.targetSize);
  const { task } = config;
  const beam = 'beam' in task ? task.beam : 1;
  const write = async (texts: readonly string[]): Promise<string[]> => {
    const written = await translate(
      pairModel,
      texts.map((each) => pairModel.source.encode(each)),
      beam,
      () => yieldToEventLoop(),
    );
    return written.map(({ ids }) => pairModel.target.decode(ids));
  };
  return {
    translate: write,
    writer: pairWriter(pairModel, beam),
    async evaluate(path, { text: sourceColumn, label: targetColumn }): Promise<Evaluated> {
      const named = task.name === 'sequence-to-sequence' ? task : { sourceColumn: '', targetColumn: '' };
      const columns = {
        sourceColumn: sourceColumn ?? named.sourceColumn,
        targetColumn: targetColumn ?? named.targetColumn,
      };
      const { pairs, problems } = await readPairTable(readSource({ kind: 'file', path }, config), columns);
      const encoded = pairs.map((pair) => encodePair(pairModel, pair));
      const batches = byLength(encoded, ({ source }) => source.length, BATCH).map(({ items }) =>
        pairBatch(items, paddingOf(pairModel)),
      );
      const { loss: lossNats, tokenAccuracy } = await scorePairs(model, batches, () => yieldToEventLoop());
      const predictions = await write(pairs.map(({ source }) => source));
      const exactMatch =
        predictions.filter((written, at) => isExact(written, pairs[at]?.target ?? '')).length / pairs.length;
      const wordScores =
        pairModel.target.granularity !== 'character'
          ? {
              bleu: bleuOf(
                predictions,
                pairs.map(({ target }) => target),
              ),
            }
          : {};
      const [n, perplexity] = [pairs.length, Math.exp(lossNats)];
      return {
        measures: { task: task.name, n, exactMatch, tokenAccuracy, lossNats, perplexity, ...wordScores },
        summary: joined(
          [
            phrase('exact match {0}', exactMatch.toFixed(4)),
            phrase('token accuracy {0}', tokenAccuracy.toFixed(4)),
            phrase('{0} nats per token', lossNats.toFixed(4)),
            phrase('perplexity {0}', perplexity.toFixed(3)),
            wordScores.bleu === undefined ? undefined : `BLEU ${wordScores.bleu.toFixed(4)}`,
            phrase('over {0} pairs', n),
          ],
          ', ',
        ),
        predictions,
        skipped: problems.map(({ line, reason }) => ({ where: phrase('line {0}', line), reason })),
      };
    },
    dispose: () => model.dispose(),
  };
}

type Vocabularies = Readonly<Record<keyof TextPair, MarkedVocabulary>>;

/** The vocabularies of a resumed run; undefined if it has no saved model yet. */
export async function resumedVocabularies(folder: string): Promise<Vocabularies | undefined> {
  return (await hasModelFile(folder, 'source-vocabulary.json')) ? readVocabularies(folder) : undefined;
}

/** @throws Error that describes what is missing or damaged */
async function readVocabularies(folder: string): Promise<Vocabularies> {
  const read = async (side: keyof TextPair) =>
    MarkedVocabulary.fromJSON(await readModelJson(folder, `${side}-vocabulary.json`));
  return { source: await read('source'), target: await read('target') };
}

/** BLEU over words and punctuation marks; both texts are tokenized in the same way. */
function bleuOf(written: readonly string[], expected: readonly string[]): number {
  const words = (text: string) => text.match(/[\p{L}\p{M}\p{N}]+['’]?|[^\s\p{L}\p{M}\p{N}]/gu) ?? [];
  return bleu(written.map(words), expected.map(words));
}
