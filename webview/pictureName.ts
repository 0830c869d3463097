import * as l10n from '@vscode/l10n';
const MAX_LENGTH = 120;

/** Characters that some file systems forbid in names: separators, wildcards, quotes, control characters. */
// eslint-disable-next-line no-control-regex
const FORBIDDEN_IN_NAMES = /[\\/:*?"<>|\0-\x1f]/g;

/** A file name without extension for a picture of a run, such as "hamlet.txt loss step 150". */
export function pictureName(run: { readonly name: string; readonly step: number } | null, title: string): string {
  const parts = run ? [run.name, title.toLowerCase(), l10n.t('step {0}', run.step)] : [title.toLowerCase()];
  return parts.join(' ').replace(FORBIDDEN_IN_NAMES, '-').slice(-MAX_LENGTH);
}
