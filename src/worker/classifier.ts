import { join } from 'node:path';
import { backendNamed } from '../backends/registry.ts';
import { exists } from '../platform/files.ts';
import type {
  ClassifierDescription,
  ClassifyRowsRequest,
  Explanation,
  OpenedTable,
  TextAnswer,
} from '../protocol/classifier.ts';
import type { TextSource } from '../config/textSource.ts';
import type { OpenClassifierRequest } from '../protocol/trainer.ts';
import { readOwnRecord } from '../runs/logged/ownRecord.ts';
import { loadBundledSentiment } from '../sentiment/bundled.ts';
import { type Classifier, sentimentClassifier } from '../sentiment/classifier.ts';
import { MODEL_FILE, SentimentModel } from '../sentiment/sentimentModel.ts';
import { ClassifiedTable } from './classifiedTable.ts';
import { openStored } from './openStored.ts';
import { UnusableError } from '../phrases/causes.ts';
import { phrase, PhrasedError } from '../phrases/phrase.ts';

/**
 * The open classifier of a trainer, one at a time. It always computes on the bundled kernels, so that answers do not
 * depend on where a model was trained, and no native code is loaded.
 */
export class OpenClassifier {
  #model: Classifier | undefined;
  #table: ClassifiedTable | undefined;
  #work = new AbortController();

  /** Opens a classifier and closes the previous one. @throws Error that describes what is wrong with its file */
  async open({ run, backends }: OpenClassifierRequest): Promise<ClassifierDescription> {
    await backendNamed('wasm').load(backends);
    const model = run === null ? await bundledClassifier() : await runClassifier(run);
    this.#model?.dispose();
    this.#model = model;
    return { labels: model.labels };
  }

  /** Classifies a text. @throws AbortError once `cancel` was called */
  async answer(text: string): Promise<TextAnswer> {
    return this.#opened.answer(text, { signal: this.#work.signal });
  }

  /** Classifies a text and explains the answer. @throws AbortError once `cancel` was called */
  async explain(text: string): Promise<Explanation> {
    return this.#opened.explain(text, { signal: this.#work.signal });
  }

  get #opened(): Classifier {
    if (!this.#model) throw new PhrasedError(phrase('No classifier is open.'));
    return this.#model;
  }

  /** Opens a table and closes the previous one. @throws InputError for a file that is not a readable table */
  async openTable(source: TextSource): Promise<OpenedTable> {
    this.#table = await ClassifiedTable.open(source);
    return this.#table.describe();
  }

  /** Rows of the open table with their answers. @throws AbortError once `cancel` was called */
  async classifyRows(request: ClassifyRowsRequest): Promise<string> {
    const model = this.#model;
    if (!model || !this.#table) throw new PhrasedError(phrase('Open a classifier and a table first.'));
    const { signal } = this.#work;
    return this.#table.classified({ classify: (texts) => model.classify(texts, { signal }) }, request);
  }

  /** Cancels the running classification. */
  cancel(): void {
    this.#work.abort(new DOMException('The classification was cancelled.', 'AbortError'));
    this.#work = new AbortController();
  }
}

async function bundledClassifier(): Promise<Classifier> {
  return sentimentClassifier(await loadBundledSentiment());
}

/**
 * Loads the classifier of a run, or the sentiment model, on the current backend.
 * @throws Error for a run of another task
 */
export async function runClassifier(folder: string): Promise<Classifier> {
  if (exists(join(folder, 'model', MODEL_FILE)))
    return sentimentClassifier(await SentimentModel.load(join(folder, 'model')));
  const record = await readOwnRecord(folder);
  const { classifier } = await openStored(folder, record);
  if (!classifier)
    throw new UnusableError(
      phrase('The run {0} was not trained to classify texts. Choose one of the task "classification".', record.id),
    );
  return classifier;
}
