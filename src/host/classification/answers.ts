import type { Explanation, TextAnswer } from '../../protocol/classifier.ts';
import type { ClassifierModel } from './modelInUse.ts';
import { overlap, shiftOf, type TextChange, type TextRange } from './textRange.ts';

/** A model's answer for a range of a document, with the model. */
export interface Classification {
  /** Answer, with offsets relative to the start of the range. */
  readonly answer: TextAnswer;
  /** The answer with its explanation; undefined until it has been computed. */
  readonly explanation: Explanation | undefined;
  /** Classes of the model, in the order of the probabilities. */
  readonly labels: readonly string[];
  readonly model: ClassifierModel;
}

/** A range of a document that is classified or waits for classification. */
export interface Answer extends TextRange {
  readonly id: number;
  readonly classification: Classification | undefined;
}

/**
 * Answers in all documents. They move when text around them changes. An answer is dropped when its own text changes,
 * even while it is pending.
 */
export class Answers {
  readonly #byDocument = new Map<string, readonly Answer[]>();
  #next = 0;

  /** Answers of a document, in the order of the requests. */
  of(document: string): readonly Answer[] {
    return this.#byDocument.get(document) ?? [];
  }

  /** Answer at an offset, including its end. */
  at(document: string, offset: number): Answer | undefined {
    return this.of(document).findLast(
      ({ start, end, classification }) => classification && start <= offset && offset <= end,
    );
  }

  /** Adds a pending answer and removes those that it overlaps. */
  addPending(document: string, range: TextRange): Answer {
    const answer = { id: this.#next++, start: range.start, end: range.end, classification: undefined };
    this.#put(document, [...this.of(document).filter((other) => !overlap(other, range)), answer]);
    return answer;
  }

  /** Sets the answer of a range. @returns false if it was dropped in the meantime */
  complete(document: string, id: number, classification: Classification): boolean {
    const known = this.of(document);
    this.#put(
      document,
      known.map((answer) => (answer.id === id ? { ...answer, classification } : answer)),
    );
    return known.some((answer) => answer.id === id);
  }

  /** Moves or drops answers after changes of a document. @returns true if an answer was dropped */
  applyChanges(document: string, changes: readonly TextChange[]): boolean {
    const before = this.of(document);
    const after = changes.reduce((answers, change) => answers.flatMap((answer) => moved(answer, change)), before);
    this.#put(document, after);
    return after.length < before.length;
  }

  drop(document: string, id: number): void {
    this.#put(
      document,
      this.of(document).filter((answer) => answer.id !== id),
    );
  }

  forget(document: string): void {
    this.#byDocument.delete(document);
  }

  #put(document: string, answers: readonly Answer[]): void {
    if (answers.length === 0) this.#byDocument.delete(document);
    else this.#byDocument.set(document, answers);
  }
}

/**
 * Moves an answer after a change; returns nothing if the change touches it.
 * @param change one of several simultaneous changes, which VS Code orders from the end of the document
 */
function moved(answer: Answer, change: TextChange): readonly Answer[] {
  const shift = shiftOf(answer, change);
  return shift === undefined ? [] : [{ ...answer, start: answer.start + shift, end: answer.end + shift }];
}
