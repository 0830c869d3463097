import { basename } from 'node:path';
import { disk } from '../platform/files.ts';
import { runColor } from '../catalog/color.ts';
import { type AnnotatedRun, chosenColor } from '../protocol/annotations.ts';
import { annotate, readableAnnotations, readAnnotations } from '../runs/annotations.ts';
import { warn } from './catalog.ts';
import { findRun } from './findRun.ts';
import { readSmallText } from './lines.ts';
import { UsageError } from './exitCodes.ts';

/** `sequence-lab note`: prints the note of a run, or replaces it, or appends a paragraph to it. */
export async function printOrSetNote(
  run: string,
  text: string | undefined,
  { append, file }: { readonly append: boolean; readonly file?: string },
): Promise<void> {
  if (text !== undefined && file !== undefined) throw new UsageError('Give a text or --file, not both.');
  const folder = findRun(run);
  const added = file === undefined ? text : await readSmallText(file);
  if (added === undefined) {
    if (append) throw new UsageError('--append needs a text or --file.');
    const note = await readNote(folder);
    process.stdout.write(note === '' || note.endsWith('\n') ? note : `${note}\n`);
    return;
  }
  const before = append ? await readNote(folder) : '';
  const ended = added === '' || added.endsWith('\n') ? added : `${added}\n`;
  await annotate(folder, { note: before === '' ? ended : `${before.trimEnd()}\n\n${ended}` }, disk);
}

/** `sequence-lab tag`: adds and removes tags of runs, and prints the tags of each run. */
export async function tagRuns(
  runs: readonly string[],
  { add, remove }: { readonly add: readonly string[]; readonly remove: readonly string[] },
): Promise<void> {
  const empty = [...add, ...remove].find((tag) => tag.trim() === '');
  if (empty !== undefined) throw new UsageError('A tag needs at least one character other than a space.');
  const removed = new Set(remove.map((tag) => tag.trim()));
  for (const folder of runs.map(findRun)) {
    const { tags: before } = await readAnnotations(folder);
    const tags = [...new Set([...before, ...add.map((tag) => tag.trim())])].filter((tag) => !removed.has(tag));
    if (add.length + remove.length > 0) await annotate(folder, { tags }, disk);
    process.stdout.write(`${basename(folder)}: ${tags.join(', ')}\n`);
  }
}

/** Flags of `mark`, as parsed by commander; undefined leaves a mark as it is. */
export interface MarkFlags {
  readonly star?: boolean;
  readonly archive?: boolean;
  /** An empty one gives the label back. */
  readonly name?: string;
  /** A color, or `none`. */
  readonly color?: string;
  readonly json: boolean;
}

/** `sequence-lab mark`: stars, names, colors and archives runs, and prints the marks of each run. */
export async function markRuns(runs: readonly string[], { json, ...flags }: MarkFlags): Promise<void> {
  const change = changeOf(flags);
  const folders = [...new Set(runs.map(findRun))];
  if (change.name && folders.length > 1) throw new UsageError('A name is for one run.');
  for (const folder of folders) {
    const isChange = Object.keys(change).length > 0;
    const { name, starred, color, archived } = isChange
      ? await annotate(folder, change, disk)
      : await readAnnotations(folder);
    const id = basename(folder);
    if (json) {
      process.stdout.write(`${JSON.stringify({ id, name, starred, color, archived })}\n`);
      continue;
    }
    const marks = [
      ...(name === null ? [] : [`name "${name}"`]),
      ...(starred ? ['starred'] : []),
      `color ${runColor(id, color)}${color === null ? ' (of its id)' : ''}`,
      ...(archived ? ['archived'] : []),
    ];
    process.stdout.write(`${id}: ${marks.join(', ')}\n`);
  }
}

/** @throws UsageError for a color that is none */
function changeOf({ star, archive, name, color }: Omit<MarkFlags, 'json'>): Partial<AnnotatedRun> {
  const chosen = color === 'none' ? null : color?.toLowerCase();
  if (typeof chosen === 'string' && !chosenColor.safeParse(chosen).success)
    throw new UsageError(`"${color}" is not a color. Give #rrggbb, the number of one of the colors 0 to 11, or none.`);
  return {
    ...(star !== undefined && { starred: star }),
    ...(archive !== undefined && { archived: archive }),
    ...(name !== undefined && { name: name.trim() || null }),
    ...(chosen !== undefined && { color: chosen }),
  };
}

/** The note of a run. Writes to stderr if the rest of what its user has added cannot be read. */
async function readNote(folder: string): Promise<string> {
  const { annotations, problem } = await readableAnnotations(folder);
  if (problem !== undefined) warn(problem);
  return annotations.note;
}
