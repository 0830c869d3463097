import type { BackendEnvironment } from '../backends/backend.ts';
import { encodeText } from '../data/encodedText.ts';
import { EvaluationStreams } from '../data/evaluationStreams.ts';
import { InputError } from '../data/inputError.ts';
import { yieldTurn } from '../data/yieldTurn.ts';
import { readRecord } from '../runs/record.ts';
import { scoreText } from '../training/scoring.ts';
import { reloadBackend } from './chooseBackend.ts';
import { loadTrainedModel, requireLanguageModel } from './trainedModel.ts';

/** How well a language model predicts a text. */
export interface Evaluation {
  readonly task: 'language-model';
  /** Characters scored: all but the first. */
  readonly n: number;
  /** Mean cross-entropy in nats per character. */
  readonly lossNats: number;
  /** exp(lossNats): as unsure as among so many equally likely characters. */
  readonly perplexity: number;
}

/**
 * Scores a whole file under a run's saved model.
 * @throws InputError for a file that cannot be used; Error when the run or its model cannot be read
 */
export async function evaluate(folder: string, path: string, environment: BackendEnvironment): Promise<Evaluation> {
  const record = await readRecord(folder);
  requireLanguageModel(record, 'score a text');
  const { config, backend } = record;
  await reloadBackend(backend, environment);
  const { model, vocabulary } = await loadTrainedModel(folder);
  const { ids } = await encodeText({ kind: 'file', path }, vocabulary);
  if (ids.length < 2) throw new InputError('too-short', `"${path}" has one character; two are needed to score a prediction.`);
  const streams = new EvaluationStreams(ids, {
    timeSteps: config.data.sequenceLength,
    maxStreams: config.training.batchSize,
  });
  const lossNats = await scoreText(model, streams, () => yieldTurn());
  model.dispose();
  return { task: 'language-model', n: streams.targetCount, lossNats, perplexity: Math.exp(lossNats) };
}
