import { join } from 'node:path';
import * as z from 'zod';
import { type FieldPath, onlyKnown } from '../config/applicability.ts';
import { withEarlierFields } from '../config/earlierConfig.ts';
import { runParent, sweepTrial } from '../config/runParent.ts';
import { runConfigSchema } from '../config/schema.ts';
import { textOf, UnusableError } from '../phrases/causes.ts';
import { disk, type Files, isMissing } from '../platform/files.ts';
import { runFacts, scoredStep } from '../protocol/events.ts';
import { initialWeights } from '../protocol/initialWeights.ts';
import { repetition } from '../protocol/replay.ts';
import { fromStableNames, withStableNames } from '../protocol/stableNames.ts';
import { learning } from '../protocol/verdicts.ts';
import { writeFileAtomic } from './atomic.ts';
import { DamagedRunError, withHash, withoutHash } from './integrity.ts';
import { isLogged, loggedRecord } from './logged/loggedRecord.ts';
import { runPart } from './runPart.ts';
import { phrase, text } from '../phrases/phrase.ts';
import { readAgain } from './readAgain.ts';

/** Purposes of the files of a run. */
export const sourceRoles = ['train', 'validation', 'target', 'wordVectors'] as const;

/** A file or folder of the data of a run. */
const sourceFile = z.object({
  role: z.enum(sourceRoles),
  /** Null for the unsaved text of an editor. */
  path: z.string().nullable(),
  sha256: z.string(),
});

/** The parts that a run has that another program trains and logs. */
const loggedFacts = z.object({
  /** Unit of the losses; null if the program does not say it. */
  unit: z.string().nullable(),
  /** Whether the number of steps is planned. */
  planned: z.boolean(),
  /** Stable names of the numbers that were logged so far, besides the training loss. */
  metrics: z.array(z.string()),
  /** Whether it has the gates on a text. */
  gates: z.boolean(),
  /** Whether it has recurrent layers that are probed. */
  hasLayers: z.boolean(),
  /** Paths of the fields of the configuration that the program says. The others are not known. */
  known: z.array(z.string()),
});

/** File of a run that makes its folder one. */
export const RECORD_FILE = 'run.json';

/** `run.json`: the facts of a run and its progress. Only the trainer writes it. */
const runRecordSchema = z.object({
  version: z.literal(1),
  id: z.string(),
  createdAt: z.iso.datetime(),
  /** `imported`: a model of another program, without its training. */
  state: z.enum(['running', 'completed', 'stopped', 'interrupted', 'diverged', 'failed', 'imported']),
  config: z.preprocess(withEarlierFields, runConfigSchema),
  /** Null if the task generates its data. */
  source: z
    .object({
      /** The file trained on; null for the unsaved text of an editor. */
      path: z.string().nullable(),
      /** SHA-256 of the bytes read, hexadecimal. */
      sha256: z.string(),
      /** Whether a copy of the text is kept with the run. */
      snapshot: z.boolean(),
      /** Each file or folder that was read; empty in a run of an earlier version. */
      files: z.array(sourceFile).default([]),
    })
    .nullable(),
  ...runFacts.shape,
  /** Name of the comparison that the run is part of; null for a single run. */
  comparison: z.string().nullable().default(null),
  /** Key of the run in the lesson that trained it; null for other runs. */
  lessonRun: z.string().nullable().default(null),
  /** The run that this one was started from; null without one. */
  parent: runParent.nullable().default(null),
  /** The sweep that it is a trial of; null for other runs. */
  sweep: sweepTrial.nullable().default(null),
  /** The model that it began with; null for random weights. */
  initial: initialWeights.nullable().default(null),
  /** Versions at the start of the run. */
  versions: z.record(z.string(), z.string()),
  /** How each part of the run was trained; empty in a run of an earlier version. */
  parts: z.array(runPart).default([]),
  /** Of a run that another program trains and logs; absent for our own runs. */
  logged: loggedFacts.optional(),
  /** Comparison with the run that this one repeats; null for other runs. */
  repetition: repetition.nullable().default(null),
  /** Progress at the last checkpoint or at the end. */
  progress: z.preprocess(
    (value) => fromStableNames('progress', value),
    z.object({
      step: z.int().nonnegative(),
      seconds: z.number().nonnegative(),
      trainLoss: z.number().nullable(),
      /** Loss of the last validation. */
      validationLoss: z.number().nullable(),
      /** The validation with the lowest loss. */
      best: scoredStep.nullable(),
      /** The validation of the model in `model/`; null if it was not validated. */
      kept: scoredStep.nullable().default(null),
      learning: learning.nullable().default(null),
    }),
  ),
  /** Reason for the end of the run, if it did not complete. */
  message: text.nullable(),
});

export type SourceFile = z.output<typeof sourceFile>;
export type LoggedFacts = z.output<typeof loggedFacts>;
export type RunRecord = z.output<typeof runRecordSchema>;

/** Reads the record of a run. @throws Error that names the file, if it is missing or invalid */
export async function readRecord(folder: string, files: Files = disk): Promise<RunRecord> {
  const path = join(folder, RECORD_FILE);
  const text = await readAgain(async () => files.readText(path)).catch((error: unknown) => {
    throw new UnusableError(
      isMissing(error)
        ? phrase('{0} is not a run of Sequence Lab: it has no run.json.', folder)
        : phrase('The run in {0} cannot be read. {1}', folder, textOf(error)),
      { cause: error },
    );
  });
  try {
    return parseRecord(parse(withoutHash(text, path), path), path);
  } catch (error) {
    if (!(error instanceof DamagedRunError)) throw error;
    const record = parseRecord(parse(text, path), path);
    return { ...record, notices: [...record.notices, CHANGED] };
  }
}

const CHANGED = phrase(
  'run.json has changed since it was written. Check the configuration and the results that it names.',
);

/** Checks the content of a `run.json`. @throws Error that names the file */
export function parseRecord(content: unknown, path: string): RunRecord {
  if (isLogged(content)) return checkedRecord(storedRecord(loggedRecord(content, path)), path);
  return checkedRecord(content, path);
}

function checkedRecord(content: unknown, path: string): RunRecord {
  const result = runRecordSchema.safeParse(fromStableNames('record', content));
  if (result.success) {
    const { config, logged } = result.data;
    if (logged) onlyKnown(config, logged.known as FieldPath[]);
    return result.data;
  }
  throw new UnusableError(phrase('{0} is damaged or of another version. {1}', path, textOf(result.error)), {
    cause: result.error,
  });
}

export async function writeRecord(folder: string, record: RunRecord, files: Files): Promise<void> {
  const text = `${JSON.stringify(storedRecord(record), undefined, 2)}\n`;
  await writeFileAtomic(join(folder, RECORD_FILE), withHash(text), files);
}

/** The content of a `run.json`. */
export function storedRecord(record: RunRecord): object {
  return {
    ...withStableNames('record', record),
    progress: withStableNames('progress', record.progress),
  };
}

function parse(text: string, path: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new UnusableError(phrase('{0} is damaged. {1}', path, textOf(error)), { cause: error });
  }
}
