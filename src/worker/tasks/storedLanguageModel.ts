import { tokensOf } from '../../config/tasks.ts';
import { encodeText } from '../../data/encodedText.ts';
import { EvaluationStreams } from '../../data/evaluationStreams.ts';
import { InputError } from '../../data/inputError.ts';
import { formatPercent } from '../../format/percent.ts';
import { yieldToEventLoop } from '../../platform/system.ts';
import type { RunRecord } from '../../runs/record.ts';
import { scoreText } from '../../training/scoring.ts';
import { textReading } from '../../training/textReading.ts';
import { languageModelWriter } from '../../training/textWriter.ts';
import { writeText } from '../../training/writing.ts';
import { loadTrainedModel } from '../trainedModel.ts';
import type { Evaluated, StoredModel } from './storedModel.ts';
import { phrase, PhrasedError } from '../../phrases/phrase.ts';

/** The language model of a run. */
export async function openLanguageModel(folder: string, { config }: RunRecord): Promise<StoredModel> {
  const item = tokensOf(config.task);
  const isWord = item === 'word';
  const { model, vocabulary } = await loadTrainedModel(folder);
  return {
    reading: textReading(model, vocabulary),
    async evaluate(path, { streams: count }): Promise<Evaluated> {
      const { ids, unknown } = await encodeText({ kind: 'file', path }, vocabulary);
      if (ids.length < 2)
        throw new InputError(
          'too-short',
          phrase(
            isWord
              ? '"{0}" has one word; two are needed to score a prediction.'
              : '"{0}" has one character; two are needed to score a prediction.',
            path,
          ),
        );
      if (count !== undefined && count > ids.length - 1)
        throw new InputError(
          'too-short',
          phrase(
            isWord
              ? '"{0}" has too few words for {1} streams: {2}.'
              : '"{0}" has too few characters for {1} streams: {2}.',
            path,
            count,
            ids.length,
          ),
        );
      const streams = new EvaluationStreams(ids, {
        streams: count,
        timeSteps: config.data.sequenceLength,
        maxStreams: config.training.batchSize,
      });
      const lossNats = await scoreText(model, streams, () => yieldToEventLoop());
      const [n, perplexity, bits] = [streams.targetCount, Math.exp(lossNats), lossNats / Math.LN2];
      const reading = describeStreams(streams, item);
      return {
        measures: { task: 'language-model', n, lossNats, perplexity, unknown, streams: streams.batch, reading },
        summary: `${lossNats.toFixed(4)} nats per ${item}, ${bits.toFixed(4)} bits per ${item}, perplexity ${perplexity.toFixed(3)}, over ${n} ${item}s${describeUnknown(unknown, ids.length)}; ${reading}`,
        skipped: [],
      };
    },
    writer: languageModelWriter(model, vocabulary),
    write({ label, ...options }) {
      if (label !== undefined) throw new PhrasedError(phrase('The model was trained without labels. Omit --label.'));
      return writeText(model, vocabulary, options);
    },
    dispose: () => model.dispose(),
  };
}

/** Formats the number of unknown tokens, because a model that predicts many of them as `<unk>` seems to be better. */
function describeUnknown(unknown: number, tokens: number): string {
  return unknown === 0 ? '' : ` of which ${formatPercent(unknown / tokens, 1)} are unknown (<unk>)`;
}

/** Formats how a text was read, because the loss depends on it: the first tokens of a stream have little context. */
function describeStreams({ batch, targetCount }: EvaluationStreams, item: string): string {
  return batch === 1
    ? `read as one stream, with the state carried from the first ${item} to the last`
    : `read as ${batch} parallel streams of ${Math.floor(targetCount / batch)} ${item}s or one more, each from a zero state`;
}
