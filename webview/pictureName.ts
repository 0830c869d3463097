import * as l10n from '@vscode/l10n';
import { fileName } from '../src/format/fileName.ts';

const MAX_LENGTH = 120;

/** A file name without extension for a picture of a run, such as "hamlet.txt loss step 150". */
export function pictureName(run: { readonly name: string; readonly step: number } | null, title: string): string {
  const parts = run ? [run.name, title.toLowerCase(), l10n.t('step {0}', run.step)] : [title.toLowerCase()];
  return fileName(parts.join(' ')).slice(-MAX_LENGTH);
}
