import { readFile } from 'node:fs/promises';
import { basename, resolve } from 'node:path';
import { fileError } from '../data/inputError.ts';
import { disk } from '../platform/files.ts';
import { annotate, readAnnotations } from '../runs/annotations.ts';
import { findRun } from './findRun.ts';
import { UsageError } from './exitCodes.ts';

/** `sequence-lab note`: prints the note of a run, or replaces it, or appends a paragraph to it. */
export async function printOrSetNote(
  run: string,
  text: string | undefined,
  { append, file }: { readonly append: boolean; readonly file?: string },
): Promise<void> {
  if (text !== undefined && file !== undefined) throw new UsageError('Give a text or --file, not both.');
  const folder = findRun(run);
  const added = file === undefined ? text : await readNote(file);
  if (added === undefined) {
    if (append) throw new UsageError('--append needs a text or --file.');
    const { note } = await readAnnotations(folder);
    process.stdout.write(note === '' || note.endsWith('\n') ? note : `${note}\n`);
    return;
  }
  const { note: before } = append ? await readAnnotations(folder) : { note: '' };
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

async function readNote(file: string): Promise<string> {
  return readFile(resolve(file), 'utf8').catch((error: unknown) => {
    throw fileError(file, error);
  });
}
