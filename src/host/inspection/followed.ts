import type { Disposable } from '../disposables.ts';
import type { Elsewhere } from './hiddenTextsFor.ts';
import type { SliceableText } from './textWindow.ts';

/** The open text and the position of its cursor. */
export interface FollowedText {
  /** Name of the file or document. */
  readonly name: string;
  readonly source: SliceableText;
  /** Offset of the cursor, in UTF-16 code units. */
  readonly cursor: number;
  /** Where the text is if no editor shows it. */
  readonly elsewhere?: Elsewhere | undefined;
  /** Moves the cursor to an offset and reveals it. */
  goTo(offset: number): Promise<void>;
}

/** Follows the active editor of the user. */
export interface Followed {
  /** The open text; undefined if none is open. */
  readonly current: FollowedText | undefined;
  /** Registers a listener for another text, a move of the cursor, or a change of the text. */
  onDidMove(listener: () => void): Disposable;
}
