import { writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { backendNamed } from '../backends/registry.ts';
import { bundledSentiment } from '../sentiment/bundled.ts';
import { evaluateTable } from '../sentiment/evaluate.ts';
import { explain } from '../sentiment/explain.ts';
import { SentimentModel } from '../sentiment/sentimentModel.ts';
import { backendOptions } from './environment.ts';
import { readLines } from './lines.ts';

/** What stands for the bundled model where a run is asked for. */
export const BUNDLED_MODEL = 'sentiment';

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
export async function evaluateSentiment(file: string, { json, predictions: out, textColumn, labelColumn }: EvaluateFlags): Promise<void> {
  const model = await loadModel(BUNDLED_MODEL);
  const { evaluation, predictions, problems } = await evaluateTable(model, { kind: 'file', path: resolve(file) }, { text: textColumn, label: labelColumn });
  for (const { line, reason } of problems) process.stderr.write(`${file}, line ${line} is left out: ${reason}\n`);
  if (out !== undefined) await writeFile(resolve(out), predictions.map(({ label, probability }) => `${label}\t${probability}\n`).join(''));
  const { n, accuracy, macroF1, logLoss, calibrationError: ece, confusionMatrix: confusion, labels } = evaluation;
  const rows = confusion.map((row, index) => `  ${labels[index] ?? ''}: ${row.map((count, answer) => `${count} as ${labels[answer] ?? ''}`).join(', ')}`);
  const words = `accuracy ${accuracy.toFixed(4)}, macro F1 ${macroF1.toFixed(4)}, log loss ${logLoss.toFixed(4)} nats, calibration error ${ece.toFixed(4)}, over ${n} texts`;
  print(json ? JSON.stringify({ task: 'classification', n, accuracy, macroF1, logLoss, ece, confusion, labels }) : [words, ...rows].join('\n'));
}

/** `sequence-lab classify`: one text, or the lines of a file or of the standard input. */
export async function classify(file: string | undefined, flags: ClassifyFlags): Promise<void> {
  const texts = flags.text !== undefined ? [flags.text] : await readLines(file);
  const model = await loadModel(flags.model);
  const answers = flags.explain ? await Promise.all(texts.map((text) => explain(model, text))) : await model.classify(texts);
  for (const [index, answer] of answers.entries()) {
    const { label, probability, unsure, language } = answer;
    const notes = [unsure ? 'unsure' : '', language === 'other' ? 'not English' : ''].filter((note) => note !== '');
    const words = `${label}\t${probability.toFixed(3)}${notes.length > 0 ? ` (${notes.join(', ')})` : ''}`;
    print(flags.json ? JSON.stringify({ text: texts[index], ...answer }) : `${words}\t${texts[index] ?? ''}`);
  }
}

async function loadModel(name: string): Promise<SentimentModel> {
  await backendNamed('wasm').load(backendOptions());
  return SentimentModel.load(name === BUNDLED_MODEL ? bundledSentiment : resolve(name));
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
