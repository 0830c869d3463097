import { existsSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { backendNamed } from '../backends/registry.ts';
import { ConfigError } from '../config/parse.ts';
import { autoReading } from '../config/reading.ts';
import { loadBundledSentiment } from '../sentiment/bundled.ts';
import { type Classifier, sentimentClassifier } from '../sentiment/classifier.ts';
import type { Classification } from '../sentiment/answer.ts';
import { evaluateTable } from '../sentiment/evaluate.ts';
import type { Explanation } from '../sentiment/explain.ts';
import { MODEL_FILE, SentimentModel } from '../sentiment/sentimentModel.ts';
import { trainedClassifier } from '../worker/trainedClassifier.ts';
import { backendOptions, findRun } from './environment.ts';
import { readLines } from './lines.ts';
import { checkPredictionsFile, writePredictions } from './predictions.ts';
import { evaluationReading, readingOptions } from './readingOptions.ts';
import { say } from '../phrases/phrase.ts';

/** Name of the bundled model in place of a run. */
const BUNDLED_MODEL = 'sentiment';

export interface EvaluateFlags {
  readonly json: boolean;
  readonly predictions?: string;
  readonly textColumn?: string;
  readonly labelColumn?: string;
  readonly streams?: number;
  /** Assignments of fields that say how the file is read. */
  readonly set: readonly string[];
}

export interface ClassifyFlags {
  readonly text?: string;
  readonly model: string;
  readonly explain: boolean;
  readonly json: boolean;
  /** Assignments of fields that say how the file is read. */
  readonly set: readonly string[];
}

/** `sequence-lab evaluate sentiment`. */
export async function evaluateSentiment(
  file: string,
  { json, predictions: out, streams, ...flags }: EvaluateFlags,
): Promise<void> {
  const { reading, textColumn, labelColumn } = evaluationReading(flags);
  if (streams !== undefined) throw new ConfigError('--streams applies to the run of a language model.');
  if (out !== undefined) await checkPredictionsFile(out, file);
  await loadKernels();
  const model = await loadBundledSentiment();
  const { evaluation, predictions, problems, notes } = await evaluateTable(
    model,
    { kind: 'file', path: resolve(file), reading: { ...autoReading, ...reading } },
    { text: textColumn, label: labelColumn },
  );
  for (const note of notes) process.stderr.write(`${say(note)}\n`);
  for (const { line, reason } of problems) process.stderr.write(`Skipped ${file}, line ${line}: ${say(reason)}\n`);
  const { n, accuracy, macroF1, logLoss, calibrationError: ece, confusionMatrix: confusion, labels } = evaluation;
  const rows = confusion.map(
    (row, index) =>
      `  ${labels[index] ?? ''}: ${row.map((count, answer) => `${count} as ${labels[answer] ?? ''}`).join(', ')}`,
  );
  const summary = `accuracy ${accuracy.toFixed(4)}, macro F1 ${macroF1.toFixed(4)}, log loss ${logLoss.toFixed(4)} nats, calibration error ${ece.toFixed(4)}, over ${n} texts`;
  print(
    json
      ? JSON.stringify({ task: 'classification', n, accuracy, macroF1, logLoss, ece, confusion, labels })
      : [summary, ...rows].join('\n'),
  );
  if (out !== undefined)
    await writePredictions(
      out,
      predictions.map(({ label, probability }) => `${label}\t${probability}`),
    );
}

/** `sequence-lab classify`: classifies one text, or the lines of a file or of the standard input. */
export async function classify(file: string | undefined, flags: ClassifyFlags): Promise<void> {
  const { reading } = readingOptions(flags.set, ['data.encoding']);
  if (file === undefined && reading.encoding !== undefined)
    throw new ConfigError('--set data.encoding applies to a file. Name the file of the texts.');
  const texts = flags.text !== undefined ? [flags.text] : await readLines(file, reading);
  const model = await loadClassifier(flags.model);
  if (!flags.explain) {
    const answers = await model.classify(texts);
    for (const [index, answer] of answers.entries()) print(formatAnswer(texts[index] ?? '', answer, flags.json));
    return;
  }
  for (const text of texts) {
    const explanation = await model.explain(text);
    print(formatAnswer(text, explanation, flags.json));
    if (!flags.json) print(formatReasons(explanation, model.labels));
  }
}

function formatAnswer(text: string, answer: Classification, json: boolean): string {
  if (json) return JSON.stringify({ text, ...answer });
  const { label, probability, unsure, opinion, language } = answer;
  const doubt = opinion === null ? 'unsure' : 'neutral or unsure';
  const notes = [unsure ? doubt : '', language === 'other' ? 'not English' : ''].filter((note) => note !== '');
  return `${label}\t${probability.toFixed(3)}${notes.length > 0 ? ` (${notes.join(', ')})` : ''}\t${text}`;
}

/** One line per term of the log odds: the contribution, the change without the word, and the prediction so far. */
function formatReasons({ label, logOdds, baseline, words, running }: Explanation, labels: readonly string[]): string {
  const number = (value: number): string => value.toFixed(2).padStart(14);
  const rows = words.map(({ text, contribution, leaveOneOut }, index) => {
    const probability = running[index]?.[labels.indexOf(label)] ?? 0;
    return `${number(contribution)}${number(leaveOneOut)}${probability.toFixed(3).padStart(10)}  ${text}`;
  });
  return [
    `${'contribution'.padStart(14)}${'leave-one-out'.padStart(14)}${'so far'.padStart(10)}  word`,
    ...rows,
    `${number(baseline)}${' '.repeat(24)}  (baseline)`,
    `${number(logOdds)}${' '.repeat(24)}  = log odds of "${label}"`,
  ].join('\n');
}

/** Loads the bundled model, a sentiment model from its file or folder, or the classifier of a run. */
async function loadClassifier(name: string): Promise<Classifier> {
  await loadKernels();
  if (name === BUNDLED_MODEL) return sentimentClassifier(await loadBundledSentiment());
  const path = resolve(name);
  if (basename(path) === MODEL_FILE || existsSync(join(path, MODEL_FILE)))
    return sentimentClassifier(await SentimentModel.load(path));
  return trainedClassifier(findRun(name));
}

async function loadKernels(): Promise<void> {
  await backendNamed('wasm').load(backendOptions());
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
