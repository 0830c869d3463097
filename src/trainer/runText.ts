import { basename } from 'node:path';
import type { RunConfig } from '../config/schema.ts';
import { type Corpus, loadCorpus } from '../data/corpus.ts';
import { InputError } from '../data/inputError.ts';
import type { TextSource } from '../config/textSource.ts';
import { disk, fileInfo, type Files } from '../platform/files.ts';
import { writeFileAtomic } from '../runs/atomic.ts';
import type { RunRecord } from '../runs/record.ts';
import { snapshotOf } from '../runs/snapshot.ts';

/** Larger files are not copied; a resume then needs the file as it was. */
const LARGEST_SNAPSHOT = 16 * 2 ** 20;

/** What a text is called: the file's or document's own name. */
export function textName(source: TextSource): string {
  return source.kind === 'file' ? basename(source.path) : source.name;
}

export async function loadText(source: TextSource, config: RunConfig): Promise<Corpus> {
  const { validationShare, sequenceLength } = config.data;
  return loadCorpus(source, { validationShare, sequenceLength });
}

/** Keeps a copy of the text in the run's folder: always of an editor's unsaved text, of a file when it is not large. */
export async function keepSnapshot(folder: string, source: TextSource, files: Files): Promise<boolean> {
  if (source.kind === 'text') {
    await writeFileAtomic(snapshotOf(folder), source.text, files);
    return true;
  }
  const { size } = await fileInfo(source.path);
  if (size > LARGEST_SNAPSHOT) return false;
  await writeFileAtomic(snapshotOf(folder), await disk.read(source.path), files);
  return true;
}

/**
 * The text of a run that goes on, exactly as it began.
 * @throws InputError when no copy was kept and the file has changed
 */
export async function reloadText(folder: string, { source, config, name }: RunRecord): Promise<Corpus> {
  const path = source?.snapshot ? snapshotOf(folder) : source?.path;
  if (!source || path == null)
    throw new InputError('not-found', `The text of the run on "${name}" was not kept; start a new run.`);
  const corpus = await loadText({ kind: 'file', path }, config);
  if (corpus.report.sha256 !== source.sha256) {
    throw new InputError('unreadable', `"${path}" has changed since the run began. Restore it, or start a new run.`);
  }
  return corpus;
}
