import { basename, dirname, join } from 'node:path';
import type { ImportedKind, RecognitionChoices } from '../../config/recognitionChoices.ts';
import { importFormatOf } from '../../interop/importFormats.ts';
import { type PortableModel, portableShape } from '../../interop/portable.ts';
import { AmbiguousError, type Recognized } from '../../interop/recognized.ts';
import { UnusableError } from '../../phrases/causes.ts';
import { phrase, type Text } from '../../phrases/phrase.ts';
import { disk, exists, type Files } from '../../platform/files.ts';
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
import { type ExportedConfig, exportedConfig, exportedModel } from './exportedModel.ts';
import { type ImportedModel, importedModel, kindOf, readsTokens } from './importedModel.ts';
import {
  LARGEST_VOCABULARY,
  type Naming,
  hasTargetVocabulary,
  neighborVocabulary,
  readBounded,
  vocabulariesOf,
} from './vocabularies.ts';

/** A model to import. */
export interface ImportRequest extends Naming {
  /** File with the weights. */
  readonly file: string;
  /** Choices where the weights fit several structures. */
  readonly choices: RecognitionChoices;
  /** Folder of the run; a new one in the run store if omitted. */
  readonly out?: string | undefined;
  readonly backends: BackendOptions;
}

/** An imported run. */
export interface ImportedRun {
  readonly folder: string;
  readonly record: RunRecord;
  /** Sentences that say what each part of the file was taken for. */
  readonly found: readonly Text[];
}

/** Bytes in memory for each byte of a file: its content, the values, and those in our order. */
const COPIES = 4;
const LARGEST_JSON = 1_000_000;

/**
 * Imports a model of another program as a run of the state `imported`.
 * @throws UnusableError for a file that is damaged, of another kind or not recognized, with what to choose
 */
export async function importRun(request: ImportRequest, now: Date, files: Files = disk): Promise<ImportedRun> {
  const { file, choices, backends } = request;
  const name = basename(file);
  if (request.out !== undefined) await checkRunFolder(request.out, files);
  const { bytes, found: recognizedParts, exported, ...model } = await recognized({ file, choices });
  // Untrusted weights are not passed to native code.
  const chosen = await chooseBackend({ backend: BUNDLED, threads: 0 }, null, backends);
  const imported = exported
    ? await importedExport(model, exported, request)
    : await importedForeign(model, kindOf(model, name), request);
  const found = [...recognizedParts, ...(imported.notes ?? [])];
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
      facts: found,
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
      sweep: null,
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
    const { exported, ...model } = await recognized(request);
    const { shape, found, tokens, kind = null, kinds, isComplete = exported !== undefined } = model;
    // Without a kind that fits, no choice helps.
    if (!exported && kinds.length === 0) kindOf(model, basename(request.file));
    const vocabulary = tokens ? request.file : await neighborVocabulary(request.file);
    return {
      state: 'recognized',
      found: [...found],
      cell: shape.cell,
      kind,
      kinds: [...kinds],
      ...{ inputs: shape.inputs, outputs: shape.outputs },
      isBidirectional: shape.bidirectional,
      isExported: exported !== undefined,
      isComplete,
      vocabulary: kind !== null && readsTokens(kind) ? (vocabulary ?? null) : null,
      hasTargetVocabulary: await hasTargetVocabulary(request.file),
    };
  } catch (error) {
    if (!(error instanceof AmbiguousError)) throw error;
    return { state: 'ambiguous', choice: error.choice, modules: [...error.modules] };
  }
}

async function importedExport(
  model: PortableModel,
  exported: ExportedConfig,
  { file, ...naming }: ImportRequest,
): Promise<ImportedModel> {
  refuseNaming(naming, ['labels']);
  return exportedModel({
    ...model,
    exported,
    labels: naming.labels,
    async text(name) {
      const path = join(dirname(file), name);
      if (!(await exists(path)))
        throw new UnusableError(
          phrase('"{0}" is missing next to "{1}". Keep the files of an export together.', name, basename(file)),
        );
      return new TextDecoder().decode(await readBounded(path, LARGEST_VOCABULARY));
    },
  });
}

async function importedForeign(
  { tokens, ...model }: PortableModel & Pick<Recognized, 'tokens'>,
  kind: ImportedKind,
  request: ImportRequest,
): Promise<ImportedModel> {
  refuseNaming(request, MEANINGFUL[kind]);
  const { labels, columns, targets, window } = request;
  if (!readsTokens(kind))
    return importedModel(model, kind, { vocabulary: undefined, labels, columns, targets, window });
  const { file, vocabulary: given = file } = request;
  if (tokens && given === file)
    return importedModel(model, kind, { vocabulary: { tokens, name: basename(file) }, labels });
  const { vocabulary, target } = await vocabulariesOf(request, {
    hasTarget: kind === 'sequence-to-sequence',
    // One-hot vectors and columns of numbers look the same.
    mayReadNumbers:
      model.shape.embedding === 0 && kind !== 'sequence-to-sequence' && request.choices.kind === undefined,
  });
  return importedModel(model, kind, { vocabulary, target, labels });
}

/** The names that a kind of model needs. */
const MEANINGFUL: Readonly<Record<ImportedKind, readonly (keyof Naming)[]>> = {
  'language-model': ['vocabulary'],
  classifier: ['vocabulary', 'labels'],
  tagger: ['vocabulary', 'labels'],
  forecaster: ['columns', 'targets', 'window'],
  'sequence-to-sequence': ['vocabulary', 'targetVocabulary'],
};

/** Option of each name. */
const OPTIONS: Readonly<Record<keyof Naming, string>> = {
  vocabulary: '--vocabulary',
  targetVocabulary: '--target-vocabulary',
  labels: '--labels',
  columns: '--columns',
  targets: '--targets',
  window: '--window',
};

/** @throws UnusableError for names that the model has no use for */
function refuseNaming(naming: Naming, used: readonly (keyof Naming)[]): void {
  const names = Object.keys(OPTIONS) as (keyof Naming)[];
  const unused = names.filter((name) => naming[name] !== undefined && !used.includes(name));
  if (unused.length > 0)
    throw new UnusableError(
      phrase('The model has no use for {0}. Omit it.', unused.map((name) => OPTIONS[name]).join(', ')),
    );
}

async function recognized({ file, choices }: RecognizeRequest): Promise<RecognizedFile> {
  const name = basename(file);
  const largest = Math.floor(memoryLimit() / COPIES);
  const bytes = await readBounded(file, largest);
  const neighbor = async (other: string): Promise<Uint8Array | undefined> => {
    const path = join(dirname(file), other);
    return (await exists(path)) ? readBounded(path, largest) : undefined;
  };
  const model = { name, bytes, neighbor };
  const format = importFormatOf(model);
  const exported = exportedConfig.safeParse(await neighborJson(file, CONFIG)).data;
  if (!exported) return { ...(await format.recognize(model, choices)), bytes, exported: undefined };
  if (Object.values(choices).some((choice) => choice !== undefined))
    throw new UnusableError(
      phrase(
        '{0} next to "{1}" has the structure of the model: omit the choices, or move the file away.',
        CONFIG,
        name,
      ),
    );
  const shape = portableShape.parse(exported);
  const found = [phrase('exported by Sequence Lab, with its structure in {0}', CONFIG)];
  return { shape, kind: undefined, kinds: [], tensors: await format.exported(model, shape), found, bytes, exported };
}

/** A recognized model with the content of its file. */
interface RecognizedFile extends Recognized {
  readonly bytes: Uint8Array;
  /** Content of `config.json` of an export of this product; undefined for models of other programs. */
  readonly exported: ExportedConfig | undefined;
}

/** File next to exported weights with their structure, which names and shapes do not tell completely. */
const CONFIG = 'config.json';

/** A file of JSON next to another file; undefined if there is none. */
async function neighborJson(file: string, name: string): Promise<unknown> {
  const path = join(dirname(file), name);
  if (!(await exists(path))) return undefined;
  try {
    return JSON.parse(new TextDecoder().decode(await readBounded(path, LARGEST_JSON)));
  } catch {
    // Other programs have files of this name, too.
    return undefined;
  }
}
