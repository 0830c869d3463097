import type { Text } from '../../phrases/phrase.ts';
import type { Reading } from '../../config/reading.ts';
import type { ColumnType } from '../table/columnTypes.ts';
import type { Dialect } from '../table/dialect.ts';
import type { ColumnRole, DataTask } from './roles.ts';

/** Content of a data set, possible problems, and how training would use it. */
export interface DataInspection {
  /** Name of the file, folder or document. */
  readonly name: string;
  readonly kind: DataKind;
  /** Description of the format, such as "tab-separated values, header in the first line". */
  readonly format: Text;
  /** Detected or selected task. */
  readonly task: DataTask;
  /** Tasks that the data can be used for. */
  readonly tasks: readonly DataTask[];
  readonly columns: readonly InspectedColumn[];
  /** Encoding of the file by its WHATWG name; null for a folder. */
  readonly encoding: string | null;
  /** Syntax of a delimited table, and how its numbers are written; null for other data. */
  readonly dialect: Omit<Dialect, 'encoding'> | null;
  /** Settings of the readers. */
  readonly reading: Reading;
  /** Number of rows of data, usable or not; of lines for a text. */
  readonly rows: number;
  /** First rows; very long cells are truncated. */
  readonly preview: readonly { readonly where: Text; readonly cells: readonly string[] }[];
  /** Kind of the items. */
  readonly item: 'text' | 'sentence' | 'pair' | 'row' | 'character' | 'document';
  /** Number of usable items. */
  readonly items: number;
  readonly problems: {
    readonly count: number;
    readonly first: readonly { readonly where: Text; readonly reason: Text }[];
  };
  readonly parts: { readonly train: number; readonly validation: number; readonly validationFile: string | null };
  /** Numbers of characters in both parts of a corpus of documents; undefined for other data. */
  readonly characters?: { readonly train: number; readonly validation: number } | undefined;
  /** Labels or tags, most frequent first, with their counts in both parts; at most MAX_LABELS. */
  readonly labels: readonly { readonly label: string; readonly train: number; readonly validation: number }[];
  readonly labelCount: number;
  /** Separator of several labels of a text; undefined if each text has one. */
  readonly labelSeparator?: string | undefined;
  readonly lengths: LengthHistogram | null;
  readonly unknown: UnknownTokens | null;
  readonly repeated: Repetitions;
  /** Sentences about the use of the data in training. */
  readonly plan: readonly Text[];
  /** What was assumed, and what to check before training, in sentences. */
  readonly notes: readonly Text[];
  /** Fields of the task that were chosen for this data set, by their names without "task.". */
  readonly fields: TaskFields;
  /** Fields of the task that suit the data, each with what it does. */
  readonly suggestions: readonly Suggestion[];
}

export type TaskFields = Readonly<Record<string, string | number>>;

/** A choice of fields of the task that suits the data. */
export interface Suggestion {
  readonly text: Text;
  readonly fields: TaskFields;
}

/** `folder` is a folder of labeled texts, `corpus` one of documents, or the files that match a path with wildcards. */
export type DataKind = 'table' | 'tagged' | 'folder' | 'text' | 'corpus';

/** Unit of the length of a text. */
export type TokenUnit = 'word' | 'character';

export interface InspectedColumn {
  readonly name: Text;
  readonly role: ColumnRole;
  readonly type: ColumnType;
  /** Unit of the numbers; empty without one. */
  readonly unit: string;
  /** Number of distinct values. */
  readonly distinct: number;
  readonly blank: number;
  /** Number of cells that are not of the type of the column. */
  readonly unreadable: number;
  /** Mean length in characters. */
  readonly meanLength: number;
}

export interface LengthHistogram {
  readonly unit: TokenUnit;
  /** Counts of items with `from` to `to` tokens (inclusive). */
  readonly bins: readonly { readonly from: number; readonly to: number; readonly count: number }[];
  readonly shortest: number;
  readonly median: number;
  /** 95th percentile of the lengths. */
  readonly p95: number;
  readonly longest: number;
}

/** Tokens of the validation part that never occur in the training part. */
export interface UnknownTokens {
  readonly unit: TokenUnit;
  /** Number of tokens in the validation part, with repetitions. */
  readonly tokens: number;
  readonly unknown: number;
  /** Most frequent unknown tokens. */
  readonly examples: readonly string[];
  /** The same for characters instead of words. */
  readonly characters?: { readonly tokens: number; readonly unknown: number } | undefined;
}

/** Repeated items. Items are equal if their texts differ only in case and white space. */
export interface Repetitions {
  /** Number of items whose text occurs earlier. */
  readonly repeated: number;
  /** Number of texts with more than one label or target. */
  readonly contradicting: number;
  /** Number of items in the validation part whose text is also in the training part. */
  readonly shared: number;
}
