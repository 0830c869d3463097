import * as vscode from 'vscode';
import type { ColumnRole, DataInspection } from '../../protocol/dataInspection.ts';
import type { DataSet } from '../dataSets/dataPanel.ts';
import type { Services } from '../services.ts';
import type { Commands } from './command.ts';
import { targetDataSet, trainOnData } from './inspectData.ts';
import { BACK, pickStep } from './quickInput.ts';
import { say } from '../../phrases/phrase.ts';

type Needed = Pick<Services, 'data' | 'runs' | 'panels' | 'forms' | 'extensionUri' | 'log'>;

/** "Train classifier on data set": trains on an open table or a folder. The detected columns are offered first. */
export function trainClassifierCommands(services: Needed): Commands {
  return {
    trainClassifierOnDataSet: async (argument) => {
      const set = await targetDataSet(argument);
      if (!set) return undefined;
      const guessed = await services.data.inspect(set, {});
      const inspection = guessed.kind === 'folder' ? guessed : await withColumns(services, set, guessed);
      return inspection && trainOnData(services, set, inspection);
    },
  };
}

/** Asks for the columns of texts and labels. @throws Error if the file is not a table */
async function withColumns(
  { data }: Needed,
  set: DataSet,
  guessed: DataInspection,
): Promise<DataInspection | undefined> {
  if (guessed.kind !== 'table' || guessed.columns.length < 2) {
    throw new Error(
      vscode.l10n.t(
        '"{0}" is not a table with a text column and a label column. Choose a table, such as a CSV, Parquet or Excel file, or a folder of text files.',
        set.name,
      ),
    );
  }
  const title = vscode.l10n.t('Train classifier on {0}', set.name);
  for (;;) {
    const text = await chooseColumn(guessed, title, 'text', false);
    if (text === undefined || text === BACK) return undefined;
    const label = await chooseColumn(guessed, title, 'label', true, text);
    if (label === undefined) return undefined;
    if (label === BACK) continue;
    const roles = guessed.columns.map((_, i): ColumnRole => (i === text ? 'text' : i === label ? 'label' : 'unused'));
    return data.inspect(set, { roles });
  }
}

async function chooseColumn(
  { columns }: DataInspection,
  title: string,
  wanted: 'text' | 'label',
  back: boolean,
  taken?: number,
): Promise<number | typeof BACK | undefined> {
  const items = columns.flatMap(({ name, role, distinct, meanLength }, column) =>
    column === taken
      ? []
      : [
          {
            label: say(name),
            description: vscode.l10n.t(
              '{0} distinct values, {1} characters on average',
              distinct,
              meanLength.toFixed(1),
            ),
            role,
            column,
          },
        ],
  );
  const active = items.find(({ role }) => role === wanted) ?? items[0];
  const placeholder =
    wanted === 'text' ? vscode.l10n.t('Select the text column') : vscode.l10n.t('Select the label column');
  const chosen = await pickStep({ title, back, placeholder, items, ...(active && { active }) });
  return chosen === undefined || chosen === BACK ? chosen : chosen.column;
}
