import type { RunView } from '../src/protocol/panel.ts';

const LONGEST = 120;

/** A file name without extension for a picture of a run, such as "hamlet.txt loss step 150". */
export function pictureName(run: Pick<RunView, 'name' | 'step'> | null, title: string): string {
  const of = run ? [run.name, title.toLowerCase(), `step ${run.step}`] : [title.toLowerCase()];
  // What some file systems forbid: separators, wildcards, quotes, control characters.
  // eslint-disable-next-line no-control-regex
  return of
    .join(' ')
    .replace(/[\\/:*?"<>|\0-\x1f]/g, '-')
    .slice(-LONGEST);
}
