import * as z from 'zod';
import type { FieldPath } from '../../config/applicability.ts';
import { ConfigError, getField, parseRunConfig, setField } from '../../config/parse.ts';
import type { RunConfig } from '../../config/schema.ts';
import { configField } from '../../config/fields.ts';
import { taskNames } from '../../config/task.ts';
import { judgeLearning, validationHistorySchema, type ValidationHistory } from '../../judgment/learning.ts';
import { learningSettings } from '../../judgment/learningAdvice.ts';
import { textOf, UnusableError } from '../../phrases/causes.ts';
import { phrase, type Text } from '../../phrases/phrase.ts';
import { scoredStep } from '../../protocol/events.ts';
import { CELL_NAMES } from '../../config/cells.ts';
import { taskOf } from '../../config/tasks.ts';
import { direction, type Learning } from '../../protocol/verdicts.ts';
import type { LoggedFacts, RunRecord } from '../record.ts';

/**
 * `run.json` of a run that another program trains and logs, such as a loop of PyTorch (`media/python/sequence_lab_log.py`).
 * It has what the program knows; the rest of a record follows from it. docs/interop.md describes the format.
 */

/** Longest name and sentence, and most settings, layers and baselines that are read. */
const LONGEST = { name: 200, text: 2000, settings: 200, layers: 200, baselines: 50 } as const;

const name = z.string().min(1).max(LONGEST.name);
const count = z.int().nonnegative();
const setting = z.union([z.string().max(LONGEST.text), z.number(), z.boolean(), z.null()]);

const limited = <Value extends z.ZodType>(value: Value, most: number) =>
  z.record(name, value).refine((entries) => Object.keys(entries).length <= most);

/** A recurrent layer in one direction. */
const layer = z.object({ layer: name, direction, cell: z.enum(CELL_NAMES), units: z.int().positive() });

/** Facts of a run that its validations are judged by. */
export const loggedContext = z.object({
  task: z.enum(taskNames).nullable().default(null),
  /** Unit of the losses, such as "nats per character"; null if the program does not say it. */
  unit: name.nullable().default(null),
  /** Number of tokens, if the loss is the cross-entropy of a language model over them in nats. */
  vocabularySize: z.int().positive().nullable().default(null),
  /** Losses of simple models, by name. */
  baselines: limited(z.number(), LONGEST.baselines).default({}),
});

const loggedRun = loggedContext.extend({
  version: z.literal(1),
  origin: z.literal('logged'),
  id: name,
  name,
  createdAt: z.iso.datetime({ offset: true }),
  state: z.enum(['running', 'completed', 'stopped', 'interrupted', 'diverged', 'failed']),
  message: z.string().max(LONGEST.text).nullable().default(null),
  /** The program that trains, and where. */
  program: z.object({
    name,
    device: name.default('CPU'),
    threads: z.int().positive().default(1),
    versions: limited(name, LONGEST.settings).default({}),
  }),
  /** Settings by name; those with the path of a field of the configuration, such as `training.learningRate`, are that field. */
  config: limited(setting, LONGEST.settings).default({}),
  layers: z.array(layer).max(LONGEST.layers).default([]),
  /** 0 if it is not known. */
  parameters: count.default(0),
  /** Number of steps that are planned; null if it is not known. */
  steps: z.int().positive().nullable().default(null),
  /** Names of the numbers that were logged so far. */
  metrics: z.array(z.enum(['gradNorm', 'clippedNorm', 'learningRate', 'itemsPerSecond', 'valLoss'])).default([]),
  /** Whether `gates.json` has the gates on a text. */
  gates: z.boolean().default(false),
  progress: z.object({
    step: count,
    seconds: z.number().nonnegative(),
    trainLoss: z.number().nullable(),
    valLoss: z.number().nullable(),
    best: scoredStep.nullable(),
    validations: validationHistorySchema,
    /** Step that could not be completed, because its loss is not finite. */
    diverged: z.int().positive().nullable().default(null),
  }),
});

type LoggedRun = z.output<typeof loggedRun>;

/** Whether a `run.json` is that of a run that another program logs. */
export function isLogged(content: unknown): boolean {
  return typeof content === 'object' && content !== null && 'origin' in content && content.origin === 'logged';
}

/** The record of a run that another program logs. @throws UnusableError that names the file and the field */
export function loggedRecord(content: unknown, path: string): RunRecord {
  const result = loggedRun.safeParse(content);
  if (!result.success) {
    throw new UnusableError(phrase('{0} does not have the form of a logged run. {1}', path, textOf(result.error)), {
      cause: result.error,
    });
  }
  const logged = result.data;
  const { program, progress, steps } = logged;
  const { config, known, others } = knownConfig(logged);
  const facts: LoggedFacts = {
    unit: logged.unit,
    planned: steps !== null,
    metrics: logged.metrics,
    gates: logged.gates,
    hasLayers: logged.layers.length > 0,
    known: [...known],
  };
  return {
    version: 1,
    id: logged.id,
    name: logged.name,
    createdAt: new Date(logged.createdAt).toISOString(),
    state: logged.state,
    config,
    source: null,
    text: null,
    facts: [...logged.layers.map(describeLayer), ...others],
    baselines: baselinesOf(logged),
    backend: {
      name: program.name,
      device: program.device,
      threads: program.threads,
      reason: phrase('Another program trains the run and logs it.'),
    },
    versions: program.versions,
    parts: [],
    parameters: logged.parameters,
    batchSize: config.training.batchSize,
    notices: [],
    progress: {
      step: progress.step,
      seconds: progress.seconds,
      trainLoss: progress.trainLoss,
      validationLoss: progress.valLoss,
      best: progress.best,
      kept: null,
      learning: loggedLearning(progress.validations, logged, progress.diverged),
    },
    message: logged.message,
    comparison: null,
    lessonRun: null,
    sweep: null,
    parent: null,
    initial: null,
    repetition: null,
    steps: steps ?? Math.max(1, progress.step),
    secondsLimit: 0,
    logged: facts,
  };
}

/** Verdicts on learning, by the code that judges our own runs. There is no advice: the settings of the program are its own. */
export function loggedLearning(
  validations: ValidationHistory,
  context: z.output<typeof loggedContext>,
  diverged: number | null = null,
): Learning | null {
  if (validations.count === 0 && diverged === null) return null;
  const config = parseRunConfig({ task: { name: context.task ?? 'language-model' } });
  const learning = judgeLearning(validations, {
    baselines: baselinesOf(context),
    references: taskOf(config.task).references,
    settings: { ...learningSettings(config), keepBest: false },
    solved: false,
    divergence: diverged === null ? null : { step: diverged, parameter: null, part: 'forward' },
  });
  return { ...learning, advice: [] };
}

/** The baselines that the program names; of a language model also a uniform guess, which follows from its vocabulary. */
function baselinesOf({ baselines, vocabularySize }: z.output<typeof loggedContext>): Record<string, number> {
  return { ...(vocabularySize !== null && { uniform: Math.log(vocabularySize) }), ...baselines };
}

/** The configuration as far as the program says it, the fields that it says, and its other settings as facts. */
function knownConfig({ config: settings, layers, task }: LoggedRun): {
  readonly config: RunConfig;
  readonly known: readonly FieldPath[];
  readonly others: readonly Text[];
} {
  const said = new Map<string, unknown>([...fieldsOf(layers), ...Object.entries(settings)]);
  if (task !== null) said.set('task.name', task);
  const others: Text[] = [];
  const fields = new Map<string, unknown>();
  for (const [path, value] of said) {
    if (configField(path)) fields.set(path, value);
    else others.push(phrase('{0}: {1}', path, String(value)));
  }
  // What a run of ours cannot have, such as more units, is a fact.
  for (;;) {
    try {
      const input = [...fields].reduce<object>((built, [path, value]) => setField(built, path, value), {
        task: { name: 'language-model' },
      });
      const config = parseRunConfig(input);
      const known = [...fields.keys()].filter((path) => getField(config, path) !== undefined) as FieldPath[];
      return { config, known, others };
    } catch (error) {
      const refused = error instanceof ConfigError ? error.fields.filter((path) => fields.has(path)) : [];
      if (refused.length === 0) throw error;
      for (const path of refused) {
        others.push(phrase('{0}: {1}', path, String(fields.get(path))));
        fields.delete(path);
      }
    }
  }
}

/** The fields of the configuration that follow from the layers. */
function fieldsOf(layers: LoggedRun['layers']): [FieldPath, unknown][] {
  const [first] = layers;
  if (!first) return [];
  const forward = layers.filter((each) => each.direction === 'forward');
  const isUniform = layers.every(({ cell, units }) => cell === first.cell && units === first.units);
  return [
    ['model.family', 'recurrent'],
    ['model.cell', first.cell],
    ['model.layers', forward.length],
    ...(isUniform ? ([['model.units', first.units]] as [FieldPath, unknown][]) : []),
    ...(forward.length < layers.length ? ([['model.bidirectional', true]] as [FieldPath, unknown][]) : []),
  ];
}

function describeLayer({ layer: of, direction: reads, cell, units }: LoggedRun['layers'][number]): Text {
  return reads === 'forward'
    ? phrase('{0}: {1}, {2} units', of, cell.toUpperCase(), units)
    : phrase('{0}: {1}, {2} units, backward', of, cell.toUpperCase(), units);
}
