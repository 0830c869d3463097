import { type TokenKind, tokensOf } from '../../config/tasks.ts';
import { encodeText } from '../../data/encodedText.ts';
import { tokensIn } from '../../data/corpus.ts';
import { scoredWindows } from '../../data/documents/documentStreams.ts';
import type { ScoredWindows } from '../../data/evaluationStreams.ts';
import { InputError } from '../../data/inputError.ts';
import { formatPercent } from '../../format/percent.ts';
import { yieldToEventLoop } from '../../platform/system.ts';
import type { RunRecord } from '../../runs/record.ts';
import { scoreText } from '../../training/scoring.ts';
import { textReading } from '../../training/textReading.ts';
import { languageModelWriter } from '../../training/textWriter.ts';
import { loadTrainedModel } from '../trainedModel.ts';
import { readSource } from './dataFiles.ts';
import type { Evaluated, StoredModel } from './storedModel.ts';
import { joined, phrase, type Phrase, say, type Text } from '../../phrases/phrase.ts';

/** The language model of a run. */
export async function openLanguageModel(folder: string, { config }: Pick<RunRecord, 'config'>): Promise<StoredModel> {
  const said = SAID[tokensOf(config.task)];
  const { model, vocabulary } = await loadTrainedModel(folder);
  return {
    reading: textReading(model, vocabulary),
    async evaluate(path, { streams: count }): Promise<Evaluated> {
      const { documents, unknown } = await encodeText(readSource({ kind: 'file', path }, config), vocabulary);
      const tokens = tokensIn(documents);
      const [only, ...others] = documents;
      if (documents.every(({ length }) => length < 2)) throw new InputError('too-short', said.noText(path));
      const scorable = documents.filter(({ length }) => length > 1).length;
      if (count !== undefined && others.length > 0 && count > scorable)
        throw new InputError(
          'too-short',
          phrase(
            '"{0}" has too few documents for {1} streams: {2}. A stream reads whole documents.',
            path,
            count,
            scorable,
          ),
        );
      if (count !== undefined && only && others.length === 0 && count > only.length - 1)
        throw new InputError('too-short', said.tooFew(path, count, tokens));
      const streams = scoredWindows(documents, {
        streams: count,
        timeSteps: config.data.sequenceLength,
        maxStreams: config.training.batchSize,
      });
      const lossNats = await scoreText(model, streams, () => yieldToEventLoop());
      const [n, perplexity, bits] = [streams.targetCount, Math.exp(lossNats), lossNats / Math.LN2];
      const reading = describeStreams(streams, said);
      const scored = said.scored(lossNats.toFixed(4), bits.toFixed(4), perplexity.toFixed(3), n);
      return {
        measures: {
          task: 'language-model',
          n,
          lossNats,
          perplexity,
          unknown,
          streams: streams.batch,
          reading: say(reading),
        },
        summary: joined([withUnknown(scored, unknown / tokens), reading], '; '),
        skipped: [],
      };
    },
    writer: languageModelWriter(model, vocabulary),
    dispose: () => model.dispose(),
  };
}

/** Adds the share of unknown tokens, because a model that predicts many of them as `<unk>` seems to be better. */
function withUnknown(scored: Phrase, share: number): Phrase {
  return share === 0 ? scored : phrase('{0} of which {1} are unknown (<unk>)', scored, formatPercent(share, 1));
}

/** Formats how a text was read, because the loss depends on it: the first tokens of a stream have little context. */
function describeStreams({ batch, targetCount, documentCount }: ScoredWindows, said: Said): Text {
  if (documentCount !== undefined) return phrase('read as {0} documents, each from a zero state', documentCount);
  return batch === 1 ? said.oneStream : said.streams(batch, Math.floor(targetCount / batch));
}

/** Texts about tokens of a kind. */
interface Said {
  readonly noText: (path: string) => Text;
  readonly tooFew: (path: string, streams: number, tokens: number) => Text;
  readonly scored: (nats: string, bits: string, perplexity: string, tokens: number) => Phrase;
  readonly oneStream: Text;
  readonly streams: (streams: number, tokens: number) => Text;
}

const SAID: Readonly<Record<TokenKind, Said>> = {
  character: {
    noText: (path) => phrase('"{0}" has no text of two characters, which are needed to score a prediction.', path),
    tooFew: (...values) => phrase('"{0}" has too few characters for {1} streams: {2}.', ...values),
    scored: (...values) =>
      phrase('{0} nats per character, {1} bits per character, perplexity {2}, over {3} characters', ...values),
    oneStream: phrase('read as one stream, with the state carried from the first character to the last'),
    streams: (...values) =>
      phrase('read as {0} parallel streams of {1} characters or one more, each from a zero state', ...values),
  },
  word: {
    noText: (path) => phrase('"{0}" has no text of two words, which are needed to score a prediction.', path),
    tooFew: (...values) => phrase('"{0}" has too few words for {1} streams: {2}.', ...values),
    scored: (...values) => phrase('{0} nats per word, {1} bits per word, perplexity {2}, over {3} words', ...values),
    oneStream: phrase('read as one stream, with the state carried from the first word to the last'),
    streams: (...values) =>
      phrase('read as {0} parallel streams of {1} words or one more, each from a zero state', ...values),
  },
  subword: {
    noText: (path) => phrase('"{0}" has no text of two tokens, which are needed to score a prediction.', path),
    tooFew: (...values) => phrase('"{0}" has too few tokens for {1} streams: {2}.', ...values),
    scored: (...values) => phrase('{0} nats per token, {1} bits per token, perplexity {2}, over {3} tokens', ...values),
    oneStream: phrase('read as one stream, with the state carried from the first token to the last'),
    streams: (...values) =>
      phrase('read as {0} parallel streams of {1} tokens or one more, each from a zero state', ...values),
  },
};
