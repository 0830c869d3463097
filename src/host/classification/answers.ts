import type { Explanation } from '../../protocol/classifier.ts';
import type { ClassifierModel } from './modelInUse.ts';
import { overlap, shiftOf, type TextChange, type TextRange } from './textRange.ts';

/** What a model has said of a part of a document. */
export interface Said {
  /** Offsets in it count from the beginning of the part. */
  readonly explanation: Explanation;
  /** Classes of the model, in the order of the probabilities. */
  readonly labels: readonly string[];
  readonly model: ClassifierModel;
}

/** A part of a document that was classified, or is about to be. */
export interface Answer extends TextRange {
  readonly id: number;
  readonly said: Said | undefined;
}

/**
 * The answers in all documents. They move with the text around them; one whose own text changes is dropped, even
 * before it is there.
 */
export class Answers {
  readonly #byDocument = new Map<string, readonly Answer[]>();
  #next = 0;

  /** In the order in which they were asked for. */
  of(document: string): readonly Answer[] {
    return this.#byDocument.get(document) ?? [];
  }

  /** The answer at an offset, its end included. */
  at(document: string, offset: number): Answer | undefined {
    return this.of(document).findLast(({ start, end, said }) => said && start <= offset && offset <= end);
  }

  /** Makes room for an answer, in place of those that it overlaps. */
  expect(document: string, range: TextRange): Answer {
    const answer = { id: this.#next++, start: range.start, end: range.end, said: undefined };
    this.#put(document, [...this.of(document).filter((other) => !overlap(other, range)), answer]);
    return answer;
  }

  /** Takes in what was said. @returns false when nobody wants to know any more */
  say(document: string, id: number, said: Said): boolean {
    const known = this.of(document);
    this.#put(
      document,
      known.map((answer) => (answer.id === id ? { ...answer, said } : answer)),
    );
    return known.some((answer) => answer.id === id);
  }

  /** Follows changes of a document. @returns whether an answer was dropped */
  change(document: string, changes: readonly TextChange[]): boolean {
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

/** @param change of several that came together, the last in the document first, as VS Code tells them */
function moved(answer: Answer, change: TextChange): readonly Answer[] {
  const shift = shiftOf(answer, change);
  return shift === undefined ? [] : [{ ...answer, start: answer.start + shift, end: answer.end + shift }];
}
