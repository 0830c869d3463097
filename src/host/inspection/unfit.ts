/** A text of which the model knows less than the rest is none for it. */
const MOST_UNKNOWN = 0.2;

/** Whether a text has too many tokens that the model does not know. */
export function isUnfit(unknown: number, tokens: number): boolean {
  return unknown > MOST_UNKNOWN * tokens;
}
