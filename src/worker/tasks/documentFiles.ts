import { dirname, join } from 'node:path';
import type { TextSource } from '../../config/textSource.ts';
import { isDocuments } from '../../data/documents/listDocuments.ts';
import { readDocuments } from '../../data/documents/readDocuments.ts';
import type { Corpus } from '../../data/corpus.ts';
import { disk, exists, fileInfo, type Files } from '../../platform/files.ts';
import { writeFileAtomic } from '../../runs/atomic.ts';
import type { RunRecord } from '../../runs/record.ts';
import { EVERY_FILE, keptDocuments } from '../../runs/snapshot.ts';
import { changedError, keepText, LARGEST_COPY, readSource, storedText, unchangedText } from './dataFiles.ts';

/**
 * Keeps in the run's folder what a resume needs: a copy of the text or of all documents if they are small together, and
 * their hash.
 * @throws InputError for a file that cannot be read
 */
export async function keepCorpus(
  folder: string,
  source: TextSource,
  { documents, report: { sha256 } }: Pick<Corpus, 'documents' | 'report'>,
  store: Files,
): Promise<RunRecord['source']> {
  if (source.kind === 'text' || documents === undefined) return keepText(folder, source, sha256, store);
  const sizes = await Promise.all(documents.map(async ({ path }) => (await fileInfo(path)).size));
  const snapshot = sizes.reduce((sum, size) => sum + size, 0) <= LARGEST_COPY;
  if (snapshot) {
    for (const { name, path } of documents) {
      const copy = join(keptDocuments(folder), name);
      await store.makeFolder(dirname(copy));
      await writeFileAtomic(copy, await disk.read(path), store);
    }
  }
  return { path: source.path, sha256, snapshot, files: [{ role: 'train', path: source.path, sha256 }] };
}

/** The text or the documents of a run to resume: the copy, or the original. @throws InputError if there is neither */
export async function storedCorpus(folder: string, record: RunRecord): Promise<TextSource> {
  return copyIn(folder) ?? storedText(folder, record);
}

/**
 * The text or the documents of a run to repeat: the original if it is unchanged, otherwise the copy.
 * @throws InputError that names the original and both hashes, if neither has the hash of the run
 */
export async function unchangedCorpus(folder: string, record: RunRecord): Promise<TextSource> {
  const { source, config, name } = record;
  const copy = copyIn(folder);
  const original: TextSource | undefined = source?.path == null ? undefined : { kind: 'file', path: source.path };
  if (!source || !(copy ?? (original && (await isDocuments(original))))) return unchangedText(folder, record);
  const hashOf = async (documents: TextSource | undefined) =>
    documents?.kind === 'file'
      ? readDocuments({ ...readSource(documents, config), kind: 'file', path: documents.path }, {}, () => {}).then(
          ({ sha256 }) => sha256,
          () => undefined,
        )
      : undefined;
  const now = await hashOf(original);
  if (original && now === source.sha256) return original;
  if (copy && (await hashOf(copy)) === source.sha256) return copy;
  throw changedError({ path: source.path ?? name, recorded: source.sha256, now }, name);
}

/** The copies of the documents in a run's folder; undefined if there are none. */
function copyIn(folder: string): TextSource | undefined {
  const kept = keptDocuments(folder);
  return exists(kept) ? { kind: 'file', path: join(kept, EVERY_FILE) } : undefined;
}
