/** A row that could not be used. */
export interface RowProblem {
  /** Line of the file on which the row begins, from 1. */
  readonly line: number;
  readonly reason: string;
}
