import { basename, join } from 'node:path';
import { ConfigError } from '../../config/parse.ts';
import type { RunConfig } from '../../config/schema.ts';
import { tasks } from '../../config/tasks.ts';
import { fileError, InputError } from '../../data/inputError.ts';
import type { RunSource } from '../../protocol/trainer.ts';
import type { TextSource } from '../../config/textSource.ts';
import { disk, type FileInfo, fileInfo, type Files } from '../../platform/files.ts';
import { newSha256, type Sha256 } from '../../platform/hashing.ts';
import { writeFileAtomic } from '../../runs/atomic.ts';
import type { RunRecord } from '../../runs/record.ts';
import { type DataRole, keptFile } from '../../runs/snapshot.ts';

/** Larger files, and folders, are not copied; a resume then needs them as they were. */
const LARGEST_COPY = 16 * 2 ** 20;

/** What labeled texts, tagged sentences or pairs are read from. */
export interface DataFiles {
  /** A file, a folder where the task takes one, or the unsaved text of an editor. */
  readonly train: TextSource;
  /** Where what is validated on lies in a file or folder of its own. */
  readonly validation: TextSource | undefined;
  /** What the texts to train on are to be turned into, where that lies in a file of its own. */
  readonly target?: TextSource | undefined;
}

/** @throws ConfigError where nothing is named to train on */
export function dataFilesOf(source: RunSource, { task, data }: RunConfig): DataFiles {
  if (source.kind === 'generated') {
    throw new ConfigError(
      `The task ${tasks[task.name].title} needs data: name a file, or set data.train in the configuration.`,
      { fields: ['data.train'] },
    );
  }
  return { train: source, ...otherFiles(task, data) };
}

/** The files beside the one that is trained on, as the configuration names them. */
function otherFiles(
  task: RunConfig['task'],
  { validation }: RunConfig['data'],
): Pick<DataFiles, 'validation' | 'target'> {
  const file = (path: string): TextSource | undefined => (path === '' ? undefined : { kind: 'file', path });
  return { validation: file(validation), target: task.name === 'sequence-to-sequence' ? file(task.target) : undefined };
}

/** All that is read. */
function sourcesOf({ train, validation, target }: DataFiles): TextSource[] {
  return [train, validation, target].filter((source) => source !== undefined);
}

/** The name of the file, folder or document that is trained on. */
export function dataName({ train }: DataFiles): string {
  return nameOf(train);
}

function nameOf(source: TextSource): string {
  return source.kind === 'file' ? basename(source.path) : source.name;
}

/**
 * Keeps in the run's folder what a resume needs: the data, or where it lies and its hash. @throws InputError for what
 * cannot be read
 */
export async function keepDataFiles(folder: string, files: DataFiles, store: Files): Promise<RunRecord['source']> {
  const { train, validation, target } = files;
  const sources = sourcesOf(files);
  const small = await Promise.all(sources.map(isSmall));
  const snapshot = small.every(Boolean);
  if (snapshot) {
    const keep = async (source: TextSource | undefined, role: DataRole) => {
      if (!source) return;
      const content = source.kind === 'text' ? source.text : await disk.read(source.path);
      await writeFileAtomic(keptFile(folder, nameOf(source), role), content, store);
    };
    await store.makeFolder(join(folder, 'data'));
    await keep(train, 'train');
    await keep(validation, 'validation');
    await keep(target, 'target');
  }
  return { path: train.kind === 'file' ? train.path : null, sha256: await hashOf(sources), snapshot };
}

/**
 * The data of a run that goes on, exactly as it began.
 * @throws InputError when no copy was kept and it has changed
 */
export async function storedDataFiles(folder: string, { source, config, name }: RunRecord): Promise<DataFiles> {
  const { validation, target } = otherFiles(config.task, config.data);
  if (source?.snapshot) {
    const kept = (path: string, role?: DataRole): TextSource => ({
      kind: 'file',
      path: keptFile(folder, basename(path), role),
    });
    return {
      train: kept(name),
      validation: validation?.kind === 'file' ? kept(validation.path, 'validation') : undefined,
      target: target?.kind === 'file' ? kept(target.path, 'target') : undefined,
    };
  }
  if (source?.path == null)
    throw new InputError('not-found', `The data of the run on "${name}" was not kept; start a new run.`);
  const files: DataFiles = { train: { kind: 'file', path: source.path }, validation, target };
  if ((await hashOf(sourcesOf(files))) !== source.sha256) {
    throw new InputError(
      'unreadable',
      `The data of the run on "${name}" has changed since it began. Restore it, or start a new run.`,
    );
  }
  return files;
}

async function isSmall(source: TextSource): Promise<boolean> {
  if (source.kind === 'text') return true;
  const found = await infoOf(source.path);
  return found.isFile && found.size <= LARGEST_COPY;
}

/** SHA-256 of everything that is read, hexadecimal. */
async function hashOf(sources: readonly TextSource[]): Promise<string> {
  const hash = newSha256();
  for (const source of sources) {
    if (source.kind === 'text') hash.update(source.text);
    else await addPath(hash, source.path);
  }
  return hash.digest('hex');
}

async function addPath(hash: Sha256, path: string): Promise<void> {
  if (!(await infoOf(path)).isFolder) {
    hash.update(await disk.read(path));
    return;
  }
  const names = (await disk.list(path)).map(({ name }) => name);
  for (const name of names.sort()) {
    hash.update(name);
    await addPath(hash, join(path, name));
  }
}

async function infoOf(path: string): Promise<FileInfo> {
  return fileInfo(path).catch((error: unknown) => {
    throw fileError(path, error);
  });
}
