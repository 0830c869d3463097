import type { DataKind } from './inspect/inspection.ts';
import type { DataTask } from './inspect/roles.ts';

/** What the documentation says about a format that a reader understands. */
export interface DataFormat {
  /** Name of the format and of those like it. */
  readonly title: string;
  /** Short file of the format with its name; a folder has none. */
  readonly example: { readonly name: string; readonly text: string } | undefined;
  readonly kind: DataKind;
  /** Tasks that can be trained on it. */
  readonly tasks: readonly DataTask[];
  /** Condition under which a file is read so. */
  readonly detected: string;
  /** What is particular about it; empty for nothing. */
  readonly notes: string;
}
