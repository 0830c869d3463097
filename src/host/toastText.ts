import { visible } from '../format/visible.ts';

/** Number of characters that VS Code shows of a notification without buttons, which has one line. */
const ONE_LINE = 60;
/** Number of characters that can be read before a notification disappears. */
const READABLE = 240;

/** Text of a notification. */
export interface ToastText {
  readonly text: string;
  /** Whether the text is shorter than the message, so that the details must be offered. */
  readonly isCut: boolean;
  /** Whether the text is longer than one line. VS Code shows it whole only with a button. */
  readonly needsButton: boolean;
}

/**
 * Shortens a message to what can be read in a notification: its first sentence, which says what happened, and its last
 * one, which says what to do.
 */
export function toastText(raw: string): ToastText {
  const message = visible(raw);
  const sentences = message.trim().split(/(?<=[.!?])\s+(?=[^\s\p{Ll}])/u);
  const isCut = message.length > READABLE && sentences.length > 2;
  const text = isCut ? [sentences[0], sentences.at(-1)].join(' ') : message;
  return { text, isCut, needsButton: text.length > ONE_LINE };
}
