import * as vscode from 'vscode';
import type { Explanation, TextAnswer } from '../../protocol/classifier.ts';
import { Disposables } from '../disposables.ts';
import { Answers, type Classification } from './answers.ts';
import type { ClassifierModel } from './modelInUse.ts';
import type { TextRange } from './textRange.ts';
import type { OpenedClassifier, WarmClassifier } from './warmClassifier.ts';

export interface SentimentOptions {
  readonly classifier: Pick<WarmClassifier, 'ask' | 'cancel'>;
  /** Returns the model in use under the current settings. */
  readonly model: () => Promise<ClassifierModel>;
  readonly onError: (error: unknown) => void;
}

/** Classifies ranges of documents, and keeps the answers as long as they are valid. */
export class Sentiment extends Disposables {
  readonly #options: SentimentOptions;
  readonly #answers = new Answers();
  readonly #change = this.register(new vscode.EventEmitter<vscode.Uri>());
  /** Fires when answers of a document were added, moved or removed. */
  readonly onDidChange = this.#change.event;

  constructor(options: SentimentOptions) {
    super();
    this.#options = options;
    this.register(
      vscode.workspace.onDidChangeTextDocument(({ document, contentChanges }) =>
        this.#follow(document, contentChanges),
      ),
    );
    this.register(vscode.workspace.onDidCloseTextDocument(({ uri }) => this.clear(uri)));
    this.register(vscode.window.tabGroups.onDidChangeTabs(({ closed }) => this.#closed(closed)));
  }

  /** Answers of a document, including pending ones. */
  answersOf(uri: vscode.Uri): ReturnType<Answers['of']> {
    return this.#answers.of(uri.toString());
  }

  answerAt(uri: vscode.Uri, offset: number): ReturnType<Answers['at']> {
    return this.#answers.at(uri.toString(), offset);
  }

  /**
   * Classifies ranges of a document, one after the other, and then explains the answers, which takes longer.
   * @returns the answers with their explanations for ranges whose text has not changed in the meantime
   * @throws the error of the first range that fails; the remaining ranges are then dropped
   */
  async classify(document: vscode.TextDocument, ranges: readonly TextRange[]): Promise<Classification[]> {
    const { uri } = document;
    const key = uri.toString();
    const parts = ranges.map((range) => ({
      text: document.getText(rangeIn(document, range)),
      id: this.#answers.addPending(key, range).id,
    }));
    this.#change.fire(uri);
    let result: Classification[] = [];
    try {
      const model = await this.#options.model();
      for (const ask of [answered, explained]) {
        result = [];
        for (const { id, text } of parts) {
          // An edit or a command may have removed the answer.
          if (!this.#answers.of(key).some((answer) => answer.id === id)) continue;
          const classification = await this.#options.classifier.ask(model, async (remote, labels) => ({
            ...(await ask(remote, text)),
            labels,
            model,
          }));
          if (!this.#answers.complete(key, id, classification)) continue;
          result.push(classification);
          this.#change.fire(uri);
        }
      }
    } catch (error) {
      const pending = this.#answers
        .of(key)
        .filter(({ id, classification }) => !classification?.explanation && parts.some((part) => part.id === id));
      for (const { id } of pending) this.#answers.drop(key, id);
      this.#change.fire(uri);
      // The user canceled the request.
      if (!(error instanceof Error && error.name === 'AbortError')) throw error;
    }
    return result;
  }

  /** Removes the answers of a document and cancels pending ones. */
  clear(uri: vscode.Uri): void {
    const answers = this.answersOf(uri);
    if (answers.length === 0) return;
    this.#answers.forget(uri.toString());
    if (answers.some(({ classification }) => !classification?.explanation))
      this.#options.classifier.cancel().catch(this.#options.onError);
    this.#change.fire(uri);
  }

  #follow({ uri }: vscode.TextDocument, changes: readonly vscode.TextDocumentContentChangeEvent[]): void {
    if (this.#answers.applyChanges(uri.toString(), changes)) this.#change.fire(uri);
  }

  /** Clears documents without tabs: a document may stay in memory long after its last tab was closed. */
  #closed(tabs: readonly vscode.Tab[]): void {
    const open = new Set(
      vscode.window.tabGroups.all
        .flatMap((group) => group.tabs)
        .flatMap(uriOf)
        .map(String),
    );
    for (const uri of tabs.flatMap(uriOf)) {
      if (!open.has(uri.toString())) this.clear(uri);
    }
  }
}

async function answered(
  remote: OpenedClassifier,
  text: string,
): Promise<Pick<Classification, 'answer' | 'explanation'>> {
  return { answer: await remote.answer(text), explanation: undefined };
}

async function explained(
  remote: OpenedClassifier,
  text: string,
): Promise<{ readonly answer: TextAnswer; readonly explanation: Explanation }> {
  const explanation = await remote.explain(text);
  return { answer: explanation, explanation };
}

/** Converts offsets in a document to a range. */
export function rangeIn(document: vscode.TextDocument, { start, end }: TextRange): vscode.Range {
  return new vscode.Range(document.positionAt(start), document.positionAt(end));
}

function uriOf({ input }: vscode.Tab): vscode.Uri[] {
  if (input instanceof vscode.TabInputText || input instanceof vscode.TabInputCustom) return [input.uri];
  return input instanceof vscode.TabInputTextDiff ? [input.original, input.modified] : [];
}
