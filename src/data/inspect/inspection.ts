import type { ColumnRole, DataTask } from './roles.ts';

/** What a data set is made of, what could go wrong with it, and what training would do with it. */
export interface DataInspection {
  /** Of the file, folder or document. */
  readonly name: string;
  readonly kind: DataKind;
  /** Such as "tab-separated values, header in the first line". */
  readonly format: string;
  /** The task that the data fits, or that was asked for. */
  readonly task: DataTask;
  /** Tasks that it can be used for. */
  readonly tasks: readonly DataTask[];
  readonly columns: readonly InspectedColumn[];
  /** The first rows; cells are cut where they are very long. */
  readonly rows: readonly { readonly where: string; readonly cells: readonly string[] }[];
  /** What is counted: "text", "sentence", "pair" or "line". */
  readonly item: string;
  /** Items that can be used. */
  readonly items: number;
  readonly problems: {
    readonly count: number;
    readonly first: readonly { readonly where: string; readonly reason: string }[];
  };
  readonly parts: { readonly train: number; readonly validation: number; readonly validationFile: string | null };
  /** Labels or tags, the most frequent first, with how often each comes in both parts; at most MOST_LABELS. */
  readonly labels: readonly { readonly label: string; readonly train: number; readonly validation: number }[];
  readonly labelCount: number;
  readonly lengths: LengthHistogram | null;
  readonly unknown: UnknownTokens | null;
  readonly repeated: Repetitions;
  /** What training will do with the data, a sentence each. */
  readonly plan: readonly string[];
  /** What should be looked at first, a sentence each. */
  readonly warnings: readonly string[];
}

export type DataKind = 'table' | 'tagged' | 'folder' | 'text';

/** What a text is counted in. */
export type TokenUnit = 'word' | 'character';

export interface InspectedColumn {
  readonly name: string;
  readonly role: ColumnRole;
  /** Different values. */
  readonly distinct: number;
  readonly blank: number;
  /** In characters. */
  readonly meanLength: number;
}

export interface LengthHistogram {
  readonly unit: TokenUnit;
  /** From `from` up to and including `to` tokens. */
  readonly bins: readonly { readonly from: number; readonly to: number; readonly count: number }[];
  readonly shortest: number;
  readonly median: number;
  /** 95 % of the items are not longer. */
  readonly p95: number;
  readonly longest: number;
}

/** Tokens of the validation part that the training part never has. */
export interface UnknownTokens {
  readonly unit: TokenUnit;
  /** Running tokens of the validation part. */
  readonly tokens: number;
  readonly unknown: number;
  /** The most frequent of them. */
  readonly examples: readonly string[];
}

/** Items are the same where their texts are, but for case and white space. */
export interface Repetitions {
  /** Items whose text has come before. */
  readonly repeated: number;
  /** Texts that come with more than one label or target. */
  readonly contradicting: number;
  /** Items of the validation part whose text is in the training part too. */
  readonly shared: number;
}
