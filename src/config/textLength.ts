/** The part of a configuration that determines how long a text must be. */
export interface TextUse {
  /** Time steps of one training window. */
  readonly sequenceLength: number;
  /** Fraction of the tokens held out for validation at the end of the text. */
  readonly validationShare: number;
}

/** Scoring a token needs the token before it. */
const MIN_VALIDATION_TOKENS = 2;

/** Number of tokens of a text that are trained on; the rest is held out. */
export function trainingTokens(tokens: number, { validationShare }: Pick<TextUse, 'validationShare'>): number {
  return tokens - Math.floor(tokens * validationShare);
}

/** Whether a text has one training window with its targets, and a validation part that can be scored. */
export function isLongEnough(tokens: number, use: TextUse): boolean {
  const train = trainingTokens(tokens, use);
  return train >= use.sequenceLength + 1 && tokens - train >= MIN_VALIDATION_TOKENS;
}

/** Smallest number of tokens, at least that of the text, that is long enough. */
export function tokensNeeded(tokens: number, use: TextUse): number {
  let needed = tokens;
  while (!isLongEnough(needed, use)) needed++;
  return needed;
}
