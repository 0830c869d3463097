import { join } from 'node:path';
import { ConfigError } from '../../config/parse.ts';
import { autoReading, type Reading } from '../../config/reading.ts';
import type { RunConfig } from '../../config/schema.ts';
import { tasks } from '../../config/tasks.ts';
import { InputError } from '../../data/inputError.ts';
import { listFolder, openFile, pathInfo, readFileBytes } from '../../data/packed/byteFile.ts';
import type { RunSource } from '../../protocol/trainer.ts';
import { sourceRead, type TextSource } from '../../config/textSource.ts';
import type { Files } from '../../platform/files.ts';
import { newSha256, sha256InTurns, type Sha256 } from '../../platform/hashing.ts';
import { type RunRecord, type SourceFile, sourceRoles } from '../../runs/record.ts';
import { nameOfText } from '../../runs/runSource.ts';
import { type DataRole, keptFile, snapshotOf } from '../../runs/snapshot.ts';
import { type InitialModel, storedInitialModel } from '../initial/initialModel.ts';
import type { LoadedTask, TaskKind } from './taskKind.ts';
import { phrase } from '../../phrases/phrase.ts';

/** Maximum size of a copied file in bytes. Larger files, and folders, must be unchanged when the run is resumed. */
export const LARGEST_COPY = 16 * 2 ** 20;

/** Purposes of the files that are copied to a run's folder. */
const COPIED = ['train', 'validation', 'target'] as const;

/** Sources of the labeled texts, tagged sentences or pairs of a run. */
export interface DataFiles {
  /** A file, a folder if the task takes one, or the unsaved text of an editor. */
  readonly train: TextSource;
  /** A separate file or folder for validation. */
  readonly validation: TextSource | undefined;
  /** The target texts, if they are in a separate file. */
  readonly target?: TextSource | undefined;
}

/**
 * Loads and reloads a task that learns from files. A new run keeps a copy of small ones, which a resumed run reads.
 * @param read reads the data; `name` is that of the run's data, `folder` that of a resumed run, and `initial` the model
 *   that a new run begins with
 */
export function fromFiles(
  read: (
    files: DataFiles,
    config: RunConfig,
    run: { readonly name: string; readonly folder?: string; readonly initial?: InitialModel | undefined },
  ) => Promise<LoadedTask>,
): Pick<TaskKind, 'load' | 'reload' | 'repeat'> {
  return {
    async load(source, config, initial) {
      const files = dataFilesOf(source, config);
      // Hashed before they are read: a change until the run has its copies is noticed.
      const hashes = await hashesOf(files, config);
      const loaded = await read(readAs(files, config), config, { name: nameOfText(files.train), initial });
      return { ...loaded, keepSource: async (folder, store) => keepDataFiles(folder, files, hashes, config, store) };
    },
    reload: async (folder, record) =>
      read(readAs(await storedDataFiles(folder, record), record.config), record.config, { name: record.name, folder }),
    async repeat(folder, record) {
      const files = recordedFiles(record);
      const found = await unchangedFiles(folder, record, files);
      const { config, name, source } = record;
      return {
        ...(await read(readAs(found, config), config, { name, initial: await storedInitialModel(folder, record) })),
        keepSource: async (copied, store) => {
          if (source?.snapshot) await copyFiles(copied, files, found, source.files, store);
          return source;
        },
      };
    },
  };
}

/** A source that is read as a configuration says, in its own encoding if it has one. */
export function readSource(source: TextSource, { data }: Pick<RunConfig, 'data'>): TextSource {
  return sourceRead(source, data);
}

/** The reading of a copy of an unsaved text, whatever the encoding of other files is. */
function copyReading(source: RunRecord['source']): { readonly reading?: Reading } {
  return source?.path === null ? { reading: { ...autoReading, encoding: 'utf-8' } } : {};
}

function readAs({ train, validation, target }: DataFiles, config: RunConfig): DataFiles {
  return {
    train: readSource(train, config),
    validation: validation && readSource(validation, config),
    target: target && readSource(target, config),
  };
}

/** The sources that a configuration names. @throws ConfigError if there is no training data */
function dataFilesOf(source: RunSource, { task, data }: RunConfig): DataFiles {
  if (source.kind === 'generated') {
    throw new ConfigError(
      phrase('The task {0} needs data: name a file, or set data.train in the configuration.', tasks[task.name].title),
      { fields: ['data.train'] },
    );
  }
  return { train: source, ...otherFiles(task, data) };
}

/** The files besides the training data. */
function otherFiles(
  task: RunConfig['task'],
  { validation }: RunConfig['data'],
): Pick<DataFiles, 'validation' | 'target'> {
  const file = (path: string): TextSource | undefined => (path === '' ? undefined : { kind: 'file', path });
  return { validation: file(validation), target: task.name === 'sequence-to-sequence' ? file(task.target) : undefined };
}

/** All sources, in the order in which they are hashed. */
function sourcesOf({ train, validation, target }: DataFiles): TextSource[] {
  return [train, validation, target].filter((source) => source !== undefined);
}

/** All sources with their roles, and the word vectors of a classifier. */
function rolesOf(
  { train, validation, target }: DataFiles,
  { task, model }: RunConfig,
): [SourceFile['role'], TextSource][] {
  const readsVectors = model.family === 'recurrent' || model.family === 'convolutional';
  const path = task.name === 'classification' && readsVectors ? task.wordVectors : '';
  const vectors: TextSource | undefined = path === '' ? undefined : { kind: 'file', path };
  const roles = { train, validation, target, wordVectors: vectors };
  return sourceRoles.flatMap((role): [SourceFile['role'], TextSource][] => {
    const source = roles[role];
    return source ? [[role, source]] : [];
  });
}

/** Each source with its hash, for the record of a run. */
async function sourceFiles(files: DataFiles, config: RunConfig): Promise<SourceFile[]> {
  return Promise.all(
    rolesOf(files, config).map(async ([role, source]) => ({
      role,
      path: source.kind === 'file' ? source.path : null,
      sha256: await hashOf([source]),
    })),
  );
}

/**
 * Keeps in the run's folder what a resume needs: a copy of the text if it is unsaved or small, and its hash.
 * @param sha256 hash of the text, which was computed while it was read
 * @throws InputError for a file that cannot be read
 */
export async function keepText(
  folder: string,
  text: TextSource,
  sha256: string,
  store: Files,
): Promise<RunRecord['source']> {
  const snapshot = await isSmall(text);
  const kept = snapshot ? await copy(text, snapshotOf(folder), store) : await hashOf([text]);
  // Before the record of the run, which says that there is a copy.
  if (snapshot) await store.syncFolder(folder);
  if (kept !== sha256) throw changedMeanwhile(text);
  const path = text.kind === 'file' ? text.path : null;
  return { path, sha256, snapshot, files: [{ role: 'train', path, sha256 }] };
}

/**
 * The text of a run to resume: the copy, or the file.
 * @throws InputError if there is neither, or the copy is damaged and the file has changed
 */
export async function storedText(folder: string, record: RunRecord): Promise<TextSource> {
  const { source, name } = record;
  if (!source?.snapshot) return { kind: 'file', path: pathOf(source, name), ...copyReading(source) };
  const copied: DataFiles = {
    train: { kind: 'file', path: snapshotOf(folder), ...copyReading(source) },
    validation: undefined,
  };
  return (await wholeCopies(copied, recordedFiles(record), record)).train;
}

/**
 * The copies of the data of a run, or the original files if a copy is damaged and they are unchanged.
 * @throws InputError that names the damaged copy
 */
async function wholeCopies(copies: DataFiles, originals: DataFiles, record: RunRecord): Promise<DataFiles> {
  const damaged = await firstChanged(copies, record, COPIED);
  if (!damaged) return copies;
  if (record.source?.path != null && !(await firstChanged(originals, record, COPIED))) return originals;
  throw damagedCopy(damaged, record.name);
}

/** @param name name of the run's data */
export function damagedCopy(
  { path, recorded }: { readonly path: string; readonly recorded: string },
  name: string,
): InputError {
  return new InputError(
    'unreadable',
    phrase(
      'The copy {0} of the data of the run on "{1}" is damaged, and the original file is not there or has changed. The SHA-256 of the data was {2}. Restore it, or start a new run.',
      path,
      name,
      recorded,
    ),
  );
}

/**
 * The text of a run to repeat: the file if it is unchanged, otherwise the copy.
 * @throws InputError that names the file and both hashes, if neither has the hash of the run
 */
export async function unchangedText(folder: string, record: RunRecord): Promise<TextSource> {
  return (await unchangedFiles(folder, record, recordedFiles(record))).train;
}

/** @throws InputError if the data of a run has another hash than when the run began */
export function assertUnchanged({ source, name }: RunRecord, sha256: string): void {
  if (source?.sha256 === sha256) return;
  throw new InputError(
    'unreadable',
    phrase('The data of the run on "{0}" has changed since the run began. Restore it, or start a new run.', name),
  );
}

/**
 * Keeps in the run's folder what a resume needs: a copy of the data if every source is unsaved or small, and its hash.
 * @throws InputError for a file that cannot be read
 */
async function keepDataFiles(
  folder: string,
  files: DataFiles,
  hashes: DataHashes,
  config: RunConfig,
  store: Files,
): Promise<RunRecord['source']> {
  const small = await Promise.all(sourcesOf(files).map(isSmall));
  const snapshot = small.every(Boolean);
  if (snapshot) await copyFiles(folder, files, files, hashes.files, store);
  for (const [role, source] of rolesOf(files, config)) {
    if (snapshot && isCopied(role)) continue;
    if ((await hashOf([source])) !== hashOfRole(hashes.files, role)) throw changedMeanwhile(source);
  }
  return { path: files.train.kind === 'file' ? files.train.path : null, snapshot, ...hashes };
}

/** Hashes of the data of a new run: of all of it, and of each file. */
type DataHashes = Pick<NonNullable<RunRecord['source']>, 'sha256' | 'files'>;

async function hashesOf(files: DataFiles, config: RunConfig): Promise<DataHashes> {
  return { sha256: await hashOf(sourcesOf(files)), files: await sourceFiles(files, config) };
}

function hashOfRole(files: readonly SourceFile[], role: SourceFile['role']): string | undefined {
  return files.find((file) => file.role === role)?.sha256;
}

/** The data that a run was to train on is no longer what was read. */
export function changedMeanwhile(source: TextSource): InputError {
  return new InputError(
    'unreadable',
    phrase('"{0}" has changed while it was being read. Start the run again.', sourcePath(source)),
  );
}

/**
 * Copies data to a run's folder.
 * @param named the sources that give the copies their names
 * @param from where the data is read
 * @param hashes of the data that was read; none for a run of an earlier version
 * @throws InputError if the data has changed since
 */
async function copyFiles(
  folder: string,
  named: DataFiles,
  from: DataFiles,
  hashes: readonly SourceFile[],
  store: Files,
): Promise<void> {
  const data = join(folder, 'data');
  await store.makeFolder(data);
  for (const role of COPIED) {
    const [original, source] = [named[role], from[role]];
    if (!original || !source) continue;
    const kept = await copy(source, keptFile(folder, nameOfText(original), role), store);
    if (kept !== (hashOfRole(hashes, role) ?? kept)) throw changedMeanwhile(source);
  }
  await store.syncFolder(data);
  await store.syncFolder(folder);
}

/** The copies of the data in a run's folder. @param record run with the name of the training data */
function copiesOf(
  folder: string,
  { validation, target }: Omit<DataFiles, 'train'>,
  { name, source }: Pick<RunRecord, 'name' | 'source'>,
): DataFiles {
  const kept = (of: string, role?: DataRole): TextSource => ({ kind: 'file', path: keptFile(folder, of, role) });
  return {
    train: { ...kept(name), ...copyReading(source) },
    validation: validation && kept(nameOfText(validation), 'validation'),
    target: target && kept(nameOfText(target), 'target'),
  };
}

/**
 * The data of a run to resume: the copies, or the files and folders.
 * @throws InputError if there are no copies and the data is missing or has changed
 */
export async function storedDataFiles(folder: string, record: RunRecord): Promise<DataFiles> {
  const { source, config, name } = record;
  const { validation, target } = otherFiles(config.task, config.data);
  if (source?.snapshot)
    return wholeCopies(copiesOf(folder, { validation, target }, record), recordedFiles(record), record);
  const files: DataFiles = { train: { kind: 'file', path: pathOf(source, name) }, validation, target };
  assertUnchanged(record, await hashOf(sourcesOf(files)));
  return files;
}

/** The files that a run was trained on, by their original paths; an unsaved text has its name only. */
function recordedFiles({ source, config, name }: RunRecord): DataFiles {
  const path = source?.path ?? null;
  const train: TextSource = path === null ? { kind: 'text', text: '', name } : { kind: 'file', path };
  const isText = config.task.name === 'language-model';
  return { train, ...(isText ? { validation: undefined } : otherFiles(config.task, config.data)) };
}

/**
 * The data of a run with the hashes in its record: the original files, or the copies in the run's folder.
 * @param files the original files
 * @throws InputError that names what differs, with both hashes
 */
async function unchangedFiles(folder: string, record: RunRecord, files: DataFiles): Promise<DataFiles> {
  const { source, config, name } = record;
  const changed = source?.path == null ? undefined : await firstChanged(files, record);
  if (source?.path != null && changed === undefined) return files;
  if (source?.snapshot) {
    const isText = config.task.name === 'language-model';
    const copies: DataFiles = isText
      ? { train: { kind: 'file', path: snapshotOf(folder), ...copyReading(source) }, validation: undefined }
      : copiesOf(folder, files, record);
    const changedCopy = await firstChanged(copies, record);
    if (changedCopy === undefined) return copies;
    throw changedError(changedCopy, name);
  }
  if (changed) throw changedError(changed, name);
  throw new InputError('not-found', phrase('The data of the run on "{0}" was not kept; start a new run.', name));
}

/** A source whose hash differs from that in the record. */
interface Changed {
  readonly path: string;
  readonly recorded: string;
  /** Undefined if it cannot be read. */
  readonly now: string | undefined;
}

/**
 * The first source that differs from the record; undefined if none does. A record may have one hash of all of them.
 * @param roles the purposes that matter
 */
async function firstChanged(
  files: DataFiles,
  { source, config }: RunRecord,
  roles: readonly SourceFile['role'][] = sourceRoles,
): Promise<Changed | undefined> {
  const recorded = new Map(source?.files.map((file) => [file.role, file.sha256]));
  for (const [role, each] of rolesOf(files, config)) {
    const hash = recorded.get(role);
    if (hash === undefined || !roles.includes(role)) continue;
    const now = await hashOf([each]).catch(() => undefined);
    if (now !== hash) return { path: sourcePath(each), recorded: hash, now };
  }
  if (recorded.size > 0 || !source) return undefined;
  const now = await hashOf(sourcesOf(files)).catch(() => undefined);
  const path = sourcesOf(files).map(sourcePath).join(', ');
  return now === source.sha256 ? undefined : { path, recorded: source.sha256, now };
}

export function changedError({ path, recorded, now }: Changed, name: string): InputError {
  return new InputError(
    'unreadable',
    now === undefined
      ? phrase(
          'The run on "{0}" cannot be repeated: {1} cannot be read. Its SHA-256 was {2}. Restore it, or start a new run.',
          name,
          path,
          recorded,
        )
      : phrase(
          'The run on "{0}" cannot be repeated: {1} has changed. Its SHA-256 was {2} and is {3} now. Restore it, or start a new run.',
          name,
          path,
          recorded,
          now,
        ),
  );
}

function sourcePath(source: TextSource): string {
  return source.kind === 'file' ? source.path : source.name;
}

/** @throws InputError if the run has neither a copy of its data nor a path to it */
function pathOf(source: RunRecord['source'], name: string): string {
  if (source?.path == null)
    throw new InputError('not-found', phrase('The data of the run on "{0}" was not kept; start a new run.', name));
  return source.path;
}

/**
 * Copies data to the folder of a new run, which has no record yet: a copy that a crash has torn is removed with it.
 * @returns the SHA-256 of the copy, hexadecimal
 */
async function copy(source: TextSource, path: string, store: Files): Promise<string> {
  const content = source.kind === 'text' ? source.text : await readFileBytes(source.path);
  const [sha256] = await Promise.all([sha256InTurns(content), store.writeFlushed(path, content)]);
  return sha256;
}

function isCopied(role: SourceFile['role']): boolean {
  return COPIED.some((each) => each === role);
}

async function isSmall(source: TextSource): Promise<boolean> {
  if (source.kind === 'text') return true;
  const found = await pathInfo(source.path);
  return found.isFile && found.size <= LARGEST_COPY;
}

/** SHA-256 of all sources, hexadecimal. */
export async function hashOf(sources: readonly TextSource[]): Promise<string> {
  const hash = newSha256();
  for (const source of sources) {
    if (source.kind === 'text') hash.update(source.text);
    else await addPath(hash, source.path);
  }
  return hash.digest('hex');
}

/**
 * Adds a file, or the files of a folder and its subfolders, also of those in an archive. In a folder, links and special
 * files such as pipes and devices are left out, as they are when it is read: a link can lead back, and a pipe may never
 * end.
 */
async function addPath(hash: Sha256, path: string): Promise<void> {
  if (!(await pathInfo(path)).isFolder) {
    for await (const chunk of (await openFile(path)).chunks()) hash.update(chunk);
    return;
  }
  const entries = (await listFolder(path)).filter(({ isFile, isFolder }) => isFile || isFolder);
  for (const name of entries.map((entry) => entry.name).sort()) {
    hash.update(name);
    await addPath(hash, join(path, name));
  }
}
