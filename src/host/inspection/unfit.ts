/** Largest fraction of unknown tokens in a text that a model can read. */
const MAX_UNKNOWN_SHARE = 0.2;

/** True if a text has too many tokens that the model does not know. */
export function isUnfit(unknown: number, tokens: number): boolean {
  return unknown > MAX_UNKNOWN_SHARE * tokens;
}
