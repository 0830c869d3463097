import type { DataKind } from './inspect/inspection.ts';
import type { DataTask } from './inspect/roles.ts';

/** What the documentation says about a format that a reader understands. */
export interface DataFormat {
  /** Name of the format and of those like it. */
  readonly title: string;
  /** Short files in the format, by their names; what they contain, if they are not text. */
  readonly example: Readonly<Record<string, string>>;
  readonly kind: DataKind;
  /** Tasks that can be trained on it. */
  readonly tasks: readonly DataTask[];
  /** Condition under which a file is read so. */
  readonly detected: string;
  /** What is particular about it; empty for nothing. */
  readonly notes: string;
}

/** A reader with what the documentation says about its format, which a test verifies. */
export interface Documented {
  readonly documented: DataFormat;
}
