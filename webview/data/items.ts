import * as l10n from '@vscode/l10n';
import type { DataInspection } from '../../src/protocol/dataInspection.ts';

type Unit = NonNullable<DataInspection['lengths']>['unit'];

type LengthsText = (shortest: string, longest: string, median: string, p95: string) => string;

/** Sentences about the items of a data set. */
interface ItemTexts {
  readonly many: string;
  readonly usable: (count: string) => string;
  readonly lengths: Readonly<Record<Unit, LengthsText>>;
  readonly duplicates: (items: string, contradicting: string) => string;
  readonly shared: (validation: string) => string;
}

/** Sentences for each name of an item. */
export const itemTexts: Readonly<Record<DataInspection['item'], ItemTexts>> = {
  text: {
    many: l10n.t('texts'),
    usable: (count) => l10n.t('{0} usable texts', count),
    lengths: {
      word: (...of) => l10n.t('The texts have {0} to {1} words: median {2}, 95th percentile {3}.', ...of),
      character: (...of) => l10n.t('The texts have {0} to {1} characters: median {2}, 95th percentile {3}.', ...of),
    },
    duplicates: (...of) =>
      l10n.t('of {0} texts, ignoring case and white space; {1} texts have more than one label or target', ...of),
    shared: (validation) => l10n.t('of the {0} validation texts are also in the training part', validation),
  },
  sentence: {
    many: l10n.t('sentences'),
    usable: (count) => l10n.t('{0} usable sentences', count),
    lengths: {
      word: (...of) => l10n.t('The sentences have {0} to {1} words: median {2}, 95th percentile {3}.', ...of),
      character: (...of) => l10n.t('The sentences have {0} to {1} characters: median {2}, 95th percentile {3}.', ...of),
    },
    duplicates: (...of) =>
      l10n.t('of {0} sentences, ignoring case and white space; {1} texts have more than one label or target', ...of),
    shared: (validation) => l10n.t('of the {0} validation sentences are also in the training part', validation),
  },
  pair: {
    many: l10n.t('pairs'),
    usable: (count) => l10n.t('{0} usable pairs', count),
    lengths: {
      word: (...of) => l10n.t('The pairs have {0} to {1} words: median {2}, 95th percentile {3}.', ...of),
      character: (...of) => l10n.t('The pairs have {0} to {1} characters: median {2}, 95th percentile {3}.', ...of),
    },
    duplicates: (...of) =>
      l10n.t('of {0} pairs, ignoring case and white space; {1} texts have more than one label or target', ...of),
    shared: (validation) => l10n.t('of the {0} validation pairs are also in the training part', validation),
  },
  row: {
    many: l10n.t('rows'),
    usable: (count) => l10n.t('{0} usable rows', count),
    lengths: {
      word: (...of) => l10n.t('The rows have {0} to {1} words: median {2}, 95th percentile {3}.', ...of),
      character: (...of) => l10n.t('The rows have {0} to {1} characters: median {2}, 95th percentile {3}.', ...of),
    },
    duplicates: (...of) =>
      l10n.t('of {0} rows, ignoring case and white space; {1} rows have more than one label or target', ...of),
    shared: (validation) => l10n.t('of the {0} validation rows are also in the training part', validation),
  },
  document: {
    many: l10n.t('documents'),
    usable: (count) => l10n.t('{0} documents', count),
    lengths: {
      word: (...of) => l10n.t('The documents have {0} to {1} words: median {2}, 95th percentile {3}.', ...of),
      character: (...of) => l10n.t('The documents have {0} to {1} characters: median {2}, 95th percentile {3}.', ...of),
    },
    duplicates: (items) => l10n.t('of {0} documents, ignoring case and white space', items),
    shared: (validation) => l10n.t('of the {0} validation documents are also in the training part', validation),
  },
  character: {
    many: l10n.t('lines'),
    usable: (count) => l10n.t('{0} characters', count),
    lengths: {
      word: (...of) => l10n.t('The lines have {0} to {1} words: median {2}, 95th percentile {3}.', ...of),
      character: (...of) => l10n.t('The lines have {0} to {1} characters: median {2}, 95th percentile {3}.', ...of),
    },
    duplicates: () => l10n.t('lines that repeat an earlier one, ignoring case and white space'),
    shared: () => l10n.t('lines of the last part of the text that are also in the part before it'),
  },
};

/** Sentences about the tokens of a data set. */
interface UnitTexts {
  readonly many: string;
  readonly unknown: (examples: string) => string;
}

/** Sentences for each kind of token. */
export const unitTexts: Readonly<Record<Unit, UnitTexts>> = {
  word: {
    many: l10n.t('words'),
    unknown: (examples) =>
      l10n.t('of the words of the validation part do not occur in the training part: {0}', examples),
  },
  character: {
    many: l10n.t('characters'),
    unknown: (examples) =>
      l10n.t('of the characters of the validation part do not occur in the training part: {0}', examples),
  },
};
