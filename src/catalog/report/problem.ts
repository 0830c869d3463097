import { PhrasedError, type Text } from '../../phrases/phrase.ts';
import type { ReportProblem } from '../../protocol/reportPage.ts';
import type { SourceLine } from './splitReport.ts';

/** Something that is wrong at a place of a value. */
export class ValueError extends PhrasedError {
  override readonly name = 'ValueError';
  /** Place in the value and number of characters, from 0. */
  readonly position: number;
  readonly length: number;

  constructor(message: Text, position: number, length: number) {
    super(message);
    this.position = position;
    this.length = length;
  }
}

/** A problem at a place of a line. */
export function problemAt({ line, text }: SourceLine, column: number, length: number, message: Text): ReportProblem {
  return { line, column, length, source: text, message };
}
