import { dirname, join } from 'node:path';
import type { TextSource } from '../../config/textSource.ts';
import { isDocuments } from '../../data/documents/listDocuments.ts';
import { readDocuments } from '../../data/documents/readDocuments.ts';
import type { Corpus } from '../../data/corpus.ts';
import { pathInfo, readFileBytes } from '../../data/packed/byteFile.ts';
import { exists, type Files } from '../../platform/files.ts';
import { sha256Hex } from '../../platform/hashing.ts';
import type { RunRecord } from '../../runs/record.ts';
import { EVERY_FILE, keptDocuments } from '../../runs/snapshot.ts';
import {
  changedError,
  changedMeanwhile,
  damagedCopy,
  hashOf,
  keepText,
  LARGEST_COPY,
  readSource,
  storedText,
  unchangedText,
} from './dataFiles.ts';

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
  const sizes = await Promise.all(documents.map(async ({ path }) => (await pathInfo(path)).size));
  const snapshot = sizes.reduce((sum, size) => sum + size, 0) <= LARGEST_COPY;
  const folders = new Set<string>();
  for (const { name, path, sha256: read } of documents) {
    const file: TextSource = { kind: 'file', path };
    if (!snapshot) {
      if ((await hashOf([file])) !== read) throw changedMeanwhile(file);
      continue;
    }
    const bytes = await readFileBytes(path);
    if (sha256Hex(bytes) !== read) throw changedMeanwhile(file);
    const copy = join(keptDocuments(folder), name);
    await store.makeFolder(dirname(copy));
    await store.writeFlushed(copy, bytes);
    for (let each = copy; each !== folder; each = dirname(each)) folders.add(dirname(each));
  }
  // Otherwise a power cut could remove new folders with the copies in them.
  for (const each of folders) await store.syncFolder(each);
  return { path: source.path, sha256, snapshot, files: [{ role: 'train', path: source.path, sha256 }] };
}

/**
 * The text or the documents of a run to resume: the copy, or the original if the copy is damaged.
 * @throws InputError if there is neither, or the copy is damaged and the original has changed
 */
export async function storedCorpus(folder: string, record: RunRecord): Promise<TextSource> {
  const { source, name } = record;
  const copy = await copyIn(folder);
  if (!copy || !source) return storedText(folder, record);
  if ((await documentsHash(copy, record)) === source.sha256) return copy;
  const original: TextSource | undefined = source.path === null ? undefined : { kind: 'file', path: source.path };
  if (original && (await documentsHash(original, record)) === source.sha256) return original;
  throw damagedCopy({ path: keptDocuments(folder), recorded: source.sha256 }, name);
}

/** Hash of a text or of documents as a run reads them; undefined if they cannot be read. */
async function documentsHash(
  documents: TextSource | undefined,
  { config }: Pick<RunRecord, 'config'>,
): Promise<string | undefined> {
  if (documents?.kind !== 'file') return undefined;
  return readDocuments({ ...readSource(documents, config), kind: 'file', path: documents.path }, {}, () => {}).then(
    ({ sha256 }) => sha256,
    () => undefined,
  );
}

/**
 * The text or the documents of a run to repeat: the original if it is unchanged, otherwise the copy.
 * @throws InputError that names the original and both hashes, if neither has the hash of the run
 */
export async function unchangedCorpus(folder: string, record: RunRecord): Promise<TextSource> {
  const { source, name } = record;
  const copy = await copyIn(folder);
  const original: TextSource | undefined = source?.path == null ? undefined : { kind: 'file', path: source.path };
  if (!source || !(copy ?? (original && (await isDocuments(original))))) return unchangedText(folder, record);
  const now = await documentsHash(original, record);
  if (original && now === source.sha256) return original;
  if (copy && (await documentsHash(copy, record)) === source.sha256) return copy;
  throw changedError({ path: source.path ?? name, recorded: source.sha256, now }, name);
}

/** The copies of the documents in a run's folder; undefined if there are none. */
async function copyIn(folder: string): Promise<TextSource | undefined> {
  const kept = keptDocuments(folder);
  return (await exists(kept)) ? { kind: 'file', path: join(kept, EVERY_FILE) } : undefined;
}
