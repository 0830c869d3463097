import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { backendNamed } from '../backends/registry.ts';
import { bundledSentiment } from '../sentiment/bundled.ts';
import { type Classifier, sentimentClassifier } from '../sentiment/classifier.ts';
import { evaluateTable } from '../sentiment/evaluate.ts';
import { MODEL_FILE, SentimentModel } from '../sentiment/sentimentModel.ts';
import { runClassifier } from '../worker/classifier.ts';
import { backendOptions, findRun } from './environment.ts';
import { readLines } from './lines.ts';

/** Name of the bundled model in place of a run. */
const BUNDLED_MODEL = 'sentiment';

export interface EvaluateFlags {
  readonly json: boolean;
  readonly predictions?: string;
  readonly textColumn?: string;
  readonly labelColumn?: string;
}

export interface ClassifyFlags {
  readonly text?: string;
  readonly model: string;
  readonly explain: boolean;
  readonly json: boolean;
}

/** `sequence-lab evaluate sentiment`. */
export async function evaluateSentiment(
  file: string,
  { json, predictions: out, textColumn, labelColumn }: EvaluateFlags,
): Promise<void> {
  await loadKernels();
  const model = await SentimentModel.load(bundledSentiment);
  const { evaluation, predictions, problems } = await evaluateTable(
    model,
    { kind: 'file', path: resolve(file) },
    { text: textColumn, label: labelColumn },
  );
  for (const { line, reason } of problems) process.stderr.write(`Skipped ${file}, line ${line}: ${reason}\n`);
  if (out !== undefined)
    await writeFile(resolve(out), predictions.map(({ label, probability }) => `${label}\t${probability}\n`).join(''));
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
}

/** `sequence-lab classify`: classifies one text, or the lines of a file or of the standard input. */
export async function classify(file: string | undefined, flags: ClassifyFlags): Promise<void> {
  const texts = flags.text !== undefined ? [flags.text] : await readLines(file);
  const model = await loadClassifier(flags.model);
  const answers = flags.explain
    ? await Promise.all(texts.map((text) => model.explain(text)))
    : await model.classify(texts);
  for (const [index, answer] of answers.entries()) {
    const { label, probability, unsure, language } = answer;
    const notes = [unsure ? 'unsure' : '', language === 'other' ? 'not English' : ''].filter((note) => note !== '');
    const answerLine = `${label}\t${probability.toFixed(3)}${notes.length > 0 ? ` (${notes.join(', ')})` : ''}`;
    print(flags.json ? JSON.stringify({ text: texts[index], ...answer }) : `${answerLine}\t${texts[index] ?? ''}`);
  }
}

/** Loads the bundled model, a sentiment model from its file or folder, or the classifier of a run. */
async function loadClassifier(name: string): Promise<Classifier> {
  await loadKernels();
  if (name === BUNDLED_MODEL) return sentimentClassifier(await SentimentModel.load(bundledSentiment));
  const path = resolve(name);
  if (basename(path) === MODEL_FILE || existsSync(join(path, MODEL_FILE)))
    return sentimentClassifier(await SentimentModel.load(path));
  return runClassifier(findRun(name));
}

async function loadKernels(): Promise<void> {
  await backendNamed('wasm').load(backendOptions());
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
