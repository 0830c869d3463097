import { basename, dirname, join } from 'node:path';
import * as z from 'zod';
import type { RecognitionChoices } from '../../config/recognitionChoices.ts';
import { importFormatOf } from '../../interop/importFormats.ts';
import { type PortableShape, portableShape } from '../../interop/portable.ts';
import { AmbiguousError, type Recognized } from '../../interop/recognized.ts';
import { readVocabulary } from '../../interop/vocabulary.ts';
import { textOf, UnusableError } from '../../phrases/causes.ts';
import { phrase, type Text } from '../../phrases/phrase.ts';
import { disk, exists, fileInfo, type Files } from '../../platform/files.ts';
import { sha256Hex } from '../../platform/hashing.ts';
import { memoryLimit } from '../../platform/system.ts';
import { runsFolder } from '../../runs/home.ts';
import { type RunRecord, writeRecord } from '../../runs/record.ts';
import { checkRunFolder, createRunFolder, newRunId } from '../../runs/runStore.ts';
import { BUNDLED } from '../../protocol/nativeBackends.ts';
import type { Recognition, RecognizeRequest } from '../../protocol/importModel.ts';
import type { BackendOptions } from '../../protocol/trainer.ts';
import { chooseBackend } from '../chooseBackend.ts';
import { saveTrainedModel } from '../trainedModel.ts';
import { Progress } from '../progress.ts';
import { versions } from '../thisPart.ts';
import { classifierTask, type SavedTask } from '../tasks/classification/savedClassifier.ts';
import { importedModel } from './importedModel.ts';

/** A model to import. */
export interface ImportRequest {
  /** File with the weights. */
  readonly file: string;
  /** File with the tokens by id; one next to the weights if omitted. */
  readonly vocabulary?: string | undefined;
  /** Names of the classes by output. */
  readonly labels?: readonly string[] | undefined;
  /** What the weights cannot tell. */
  readonly choices: RecognitionChoices;
  /** Folder of the run; a new one in the run store if omitted. */
  readonly out?: string | undefined;
  readonly backends: BackendOptions;
}

/** An imported run. */
export interface ImportedRun {
  readonly folder: string;
  readonly record: RunRecord;
  /** What each part of the file was taken for. */
  readonly found: readonly Text[];
}

/** Names of vocabularies next to weights. */
const NEIGHBORS = ['vocabulary.json', 'vocab.json', 'tokenizer.json', 'vocab.txt'] as const;
/** Bytes in memory for each byte of a file: its content, the values, and those in our order. */
const COPIES = 4;
const LARGEST_VOCABULARY = 100_000_000;
const LARGEST_JSON = 1_000_000;

/**
 * Imports a model of another program as a run of the state `imported`.
 * @throws UnusableError for a file that is damaged, of another kind or not recognized, with what to choose
 */
export async function importRun(request: ImportRequest, now: Date, files: Files = disk): Promise<ImportedRun> {
  const { file, choices, backends } = request;
  const name = basename(file);
  if (request.out !== undefined) await checkRunFolder(request.out, files);
  const { bytes, found, isExported, tokens: stored, ...model } = await recognized({ file, choices });
  // Weights of strangers are not passed to native code.
  const chosen = await chooseBackend({ backend: BUNDLED, threads: 0 }, null, backends);
  const imported = await importedModel(model, {
    ...(await tokensOf(request, stored)),
    labels: request.labels,
    task: isExported ? await exportedTask(file) : undefined,
  });
  const folder = request.out ?? join(runsFolder(backends.home), newRunId(name, now));
  await createRunFolder(folder, files);
  try {
    await saveTrainedModel(folder, imported.files, files);
    const { backend, notices } = chosen;
    const record: RunRecord = {
      version: 1,
      id: basename(folder),
      name,
      createdAt: now.toISOString(),
      state: 'imported',
      config: imported.config,
      source: null,
      text: null,
      facts: [...found],
      baselines: {},
      backend,
      versions: versions(),
      parts: [],
      parameters: imported.parameters,
      batchSize: imported.config.training.batchSize,
      notices: [...notices, phrase('Imported from "{0}" (SHA-256 {1}).', file, sha256Hex(bytes))],
      progress: new Progress({ config: imported.config, baselines: {} }).recorded,
      message: null,
      comparison: null,
      lessonRun: null,
      parent: null,
      initial: null,
      repetition: null,
      steps: imported.config.training.steps,
      secondsLimit: 0,
    };
    await writeRecord(folder, record, files);
    return { folder, record, found };
  } catch (error) {
    await files.remove(folder);
    throw error;
  }
}

/** Recognizes a model without importing it. @throws UnusableError as `importRun`, except if several modules fit */
export async function recognizeModel(request: RecognizeRequest): Promise<Recognition> {
  try {
    const { shape, found, isExported, tokens, isComplete = isExported } = await recognized(request);
    return {
      state: 'recognized',
      found: [...found],
      cell: shape.cell,
      isLanguageModel: shape.network === 'every-step',
      outputs: shape.outputs,
      isExported,
      isComplete,
      vocabulary: tokens ? request.file : (neighborOf(request.file) ?? null),
    };
  } catch (error) {
    if (!(error instanceof AmbiguousError)) throw error;
    return { state: 'ambiguous', choice: error.choice, modules: [...error.modules] };
  }
}

async function recognized({ file, choices }: RecognizeRequest): Promise<RecognizedFile> {
  const name = basename(file);
  const largest = Math.floor(memoryLimit() / COPIES);
  const bytes = await readBounded(file, largest);
  const neighbor = async (other: string): Promise<Uint8Array | undefined> => {
    const path = join(dirname(file), other);
    return exists(path) ? readBounded(path, largest) : undefined;
  };
  const model = { name, bytes, neighbor };
  const format = importFormatOf(model);
  const shape = await exportedShape(file);
  if (!shape) return { ...(await format.recognize(model, choices)), bytes, isExported: false };
  if (Object.values(choices).some((choice) => choice !== undefined))
    throw new UnusableError(
      phrase(
        '{0} next to "{1}" has the structure of the model: omit the choices, or move the file away.',
        CONFIG,
        name,
      ),
    );
  const found = [phrase('exported by Sequence Lab, with its structure in {0}', CONFIG)];
  return { shape, tensors: await format.exported(model, shape), found, bytes, isExported: true };
}

/** A recognized model with the content of its file. */
interface RecognizedFile extends Recognized {
  readonly bytes: Uint8Array;
  /** Whether this product has exported it, so that its structure and its labels are known. */
  readonly isExported: boolean;
}

/** File next to exported weights with their structure, which names and shapes do not tell completely. */
const CONFIG = 'config.json';
const exportedConfig = portableShape.extend({ version: z.literal(1) });

/** The structure of weights that this product has exported; undefined for others. */
async function exportedShape(file: string): Promise<PortableShape | undefined> {
  return exportedConfig.safeParse(await neighborJson(file, CONFIG)).data;
}

/** How an exported classifier reads texts, and its labels. */
async function exportedTask(file: string): Promise<SavedTask | undefined> {
  return classifierTask.safeParse(await neighborJson(file, 'task.json')).data;
}

/** A file of JSON next to another file; undefined if there is none. */
async function neighborJson(file: string, name: string): Promise<unknown> {
  const path = join(dirname(file), name);
  if (!exists(path)) return undefined;
  try {
    return JSON.parse(new TextDecoder().decode(await readBounded(path, LARGEST_JSON)));
  } catch {
    // Other programs have files of this name, too.
    return undefined;
  }
}

function neighborOf(file: string): string | undefined {
  return NEIGHBORS.map((name) => join(dirname(file), name)).find(exists);
}

/** The tokens by id, and the name of their file: the one of the model, if it has them. */
async function tokensOf(
  request: ImportRequest,
  stored: readonly string[] | undefined,
): Promise<{ readonly vocabulary: string; readonly tokens: readonly string[] }> {
  const { file, vocabulary = stored && file } = request;
  if (stored && vocabulary === file) return { vocabulary: basename(file), tokens: stored };
  const path = vocabularyFor(request);
  const text = new TextDecoder().decode(await readBounded(path, LARGEST_VOCABULARY));
  return { vocabulary: basename(path), tokens: readVocabulary(text, basename(path)) };
}

/** The vocabulary that was given, or the one next to the weights. @throws UnusableError that says how to write one */
function vocabularyFor({ file, vocabulary }: ImportRequest): string {
  if (vocabulary !== undefined) return vocabulary;
  const found = neighborOf(file);
  if (found !== undefined) return found;
  throw new UnusableError(
    phrase(
      'Weights have no vocabulary. Name a file with the tokens by id, such as a JSON list, with --vocabulary, or put it next to the weights as {0}.',
      NEIGHBORS[0],
    ),
  );
}

/** The content of a file. @throws UnusableError if it is no file, or larger than `limit` */
async function readBounded(path: string, limit: number): Promise<Uint8Array> {
  const info = await fileInfo(path).catch((error: unknown) => {
    throw new UnusableError(phrase('"{0}" cannot be read. {1}', path, textOf(error)), { cause: error });
  });
  if (!info.isFile) throw new UnusableError(phrase('"{0}" is not a file.', path));
  if (info.size > limit)
    throw new UnusableError(phrase('"{0}" has {1} bytes; at most {2} can be read.', path, info.size, limit));
  return disk.read(path);
}
