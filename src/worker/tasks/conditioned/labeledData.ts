import { basename } from 'node:path';
import { labeledTexts } from '../../../data/labeled/labeledTexts.ts';
import { readTextFolder } from '../../../data/labeled/textFolder.ts';
import { readLabeledTable } from '../../../data/labeled/fastText.ts';
import type { TextSource } from '../../../config/textSource.ts';
import { isFolder } from '../../../data/packed/byteFile.ts';
import type { EvaluationColumns, SkippedItem } from '../storedModel.ts';
import { phrase, type Text } from '../../../phrases/phrase.ts';

/** Texts with their labels; every row or file is in `items` or in `skipped`. */
export interface LabeledData {
  readonly items: readonly { readonly text: string; readonly label: string }[];
  readonly labels: readonly string[];
  readonly skipped: readonly SkippedItem[];
  /** What was assumed about the file. */
  readonly notes: readonly Text[];
}

/**
 * Reads labeled texts: a folder with a file or folder for each label, or a table.
 * @throws InputError for what cannot be read, or has no texts and labels
 */
export async function readLabeled(source: TextSource, columns: EvaluationColumns = {}): Promise<LabeledData> {
  if (source.kind === 'file' && (await isFolder(source.path))) {
    const { items, labels, problems } = await readTextFolder(source.path);
    return {
      items: items.map(trimmed),
      labels,
      notes: [],
      skipped: problems.map(({ file, reason }) => ({ where: basename(file), reason })),
    };
  }
  const table = await readLabeledTable(source, { named: [columns.text, columns.label] });
  const { items, labels, problems } = labeledTexts(table, columns);
  return {
    items: items.map(trimmed),
    labels,
    notes: table.notes,
    skipped: [...table.problems, ...problems].map(({ line, reason }) => ({ where: phrase('line {0}', line), reason })),
  };
}

function trimmed({ text, label }: { readonly text: string; readonly label: string }): { text: string; label: string } {
  return { text: text.trim(), label };
}
