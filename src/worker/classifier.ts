import { wasmBackend } from '../backends/wasm.ts';
import type {
  ClassifierDescription,
  ClassifyRowsRequest,
  Explanation,
  OpenClassifierRequest,
  OpenedTable,
  TextAnswer,
} from '../protocol/classifier.ts';
import type { TextSource } from '../config/textSource.ts';
import { type Classifier, sentimentClassifier } from '../sentiment/classifier.ts';
import { readBundledSentiment } from '../sentiment/bundled.ts';
import { SentimentModel } from '../sentiment/sentimentModel.ts';
import type { ClassifiedTable } from './classifiedTable.ts';
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
    const model = run === null ? await bundledClassifier(backends) : await classifierOf(run, backends);
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
    const { ClassifiedTable } = await import('./classifiedTable.ts');
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

/** Reads the bundled model while the threads of the kernels start. */
async function bundledClassifier(backends: OpenClassifierRequest['backends']): Promise<Classifier> {
  const [parts] = await Promise.all([readBundledSentiment(), wasmBackend.load(backends)]);
  return sentimentClassifier(new SentimentModel(parts));
}

/** Loads the classifier of a run, with the code of all tasks, which the bundled model does not need. */
async function classifierOf(run: string, backends: OpenClassifierRequest['backends']): Promise<Classifier> {
  const [{ trainedClassifier }] = await Promise.all([import('./trainedClassifier.ts'), wasmBackend.load(backends)]);
  return trainedClassifier(run);
}
