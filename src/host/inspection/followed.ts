import type { Disposable } from '../disposables.ts';
import type { SliceableText } from './textWindow.ts';

/** The text that is open, and where its cursor is. */
export interface FollowedText {
  /** Name of the file or document. */
  readonly name: string;
  readonly source: SliceableText;
  /** Offset of the cursor, in UTF-16 code units. */
  readonly cursor: number;
  /** Puts the cursor before an offset and shows it. */
  goTo(offset: number): Promise<void>;
}

/** Follows the editor that the user works in. */
export interface Followed {
  /** Undefined while no text is open. */
  readonly current: FollowedText | undefined;
  /** Another text, another place of the cursor, or a change of the text. */
  onDidMove(listener: () => void): Disposable;
}
