import * as l10n from '@vscode/l10n';
import type { TaskName } from '../config/task.ts';
import type { DataInspection } from './dataInspection.ts';

/** Data that a task is trained on. */
export interface DataNeed {
  /** Names the data, such as "a file of tagged words". */
  readonly describe: () => string;
  /** Whether a folder can be chosen as well as a file. */
  readonly folder: boolean;
  /** True if inspected data fit the task; undefined for a task that reads any file. */
  readonly fits?: (inspection: Pick<DataInspection, 'kind' | 'tasks' | 'rows'>) => boolean;
}

const labeled: DataNeed = {
  describe: () => l10n.t('a table of texts with their labels, or a folder with one file or folder per label'),
  folder: true,
  fits: ({ tasks }) => tasks.includes('classification'),
};

/** Data of the tasks that do not generate them. */
export const dataNeeds: Readonly<Partial<Record<TaskName, DataNeed>>> = {
  'language-model': { describe: () => l10n.t('a text, or a folder of texts'), folder: true },
  classification: labeled,
  'conditioned-generation': labeled,
  tagging: {
    describe: () => l10n.t('a file of tagged words, one per line'),
    folder: false,
    fits: ({ tasks }) => tasks.includes('tagging'),
  },
  'sequence-to-sequence': {
    describe: () => l10n.t('a table of pairs of texts'),
    folder: false,
    fits: ({ tasks }) => tasks.includes('sequence-to-sequence'),
  },
  forecasting: {
    describe: () => l10n.t('a table with a column of numbers'),
    folder: false,
    fits: ({ tasks }) => tasks.includes('forecasting'),
  },
};

const KINDS: Readonly<Record<DataInspection['kind'], () => string>> = {
  text: () => l10n.t('a text'),
  table: () => l10n.t('a table'),
  tagged: () => l10n.t('a file of tagged words'),
  folder: () => l10n.t('a folder'),
  corpus: () => l10n.t('a folder of documents'),
};

/** Names the kind of inspected data, such as "a table". */
export function describeKind(kind: DataInspection['kind']): string {
  return KINDS[kind]();
}
