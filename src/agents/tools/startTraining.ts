import * as z from 'zod';
import { refuseIneffective, withoutIneffective } from '../../config/applicability.ts';
import { configDifference } from '../../config/configDifference.ts';
import { limitsOf } from '../../config/limits.ts';
import { getField, parseRunConfig, setFields } from '../../config/parse.ts';
import type { RunConfig } from '../../config/schema.ts';
import { checkModel, tasks } from '../../config/tasks.ts';
import { phrase } from '../../phrases/phrase.ts';
import type { RunSource, StartRequest } from '../../protocol/trainer.ts';
import { dataOfRun, nameOfSource } from '../../runs/runSource.ts';
import { summarize, summarizeTraining } from '../../runs/summary.ts';
import { AgentError } from '../agentError.ts';
import type { AgentContext } from '../context.ts';
import { costOf, estimateTraining } from '../estimate.ts';
import { droppedFields, sayDropped } from '../dropped.ts';
import { handleOf } from '../handle.ts';
import { allowedConfig, allowedPath } from '../paths.ts';
import { findRun } from '../runs.ts';
import { fieldChanges, runName, startedRun } from '../schemas.ts';
import { defineTool } from '../tool.ts';
import { withTask } from '../withTask.ts';

const input = z.strictObject({
  path: z
    .string()
    .min(1)
    .optional()
    .describe('Training data in the workspace. Omit it for a task that generates its data, and with "from".'),
  from: runName
    .optional()
    .describe('Run whose data and configuration the new run takes. It begins with random weights again.'),
  set: fieldChanges
    .default({})
    .describe(
      'Fields of the configuration to change, by their dotted paths, such as { "task.name": "classification", "model.cell": "gru" }. inspect_data proposes those for a file, and the advice of get_run those to try next.',
    ),
  steps: z.int().positive().optional().describe('Number of steps; removes the time limit.'),
  seconds: z.number().positive().optional().describe('Seconds of training; removes the step limit.'),
});

const output = startedRun.extend({ dropped: droppedFields });

export const startTraining = defineTool({
  name: 'start_training',
  title: 'Start Training',
  description:
    'Starts a training run on a file, on a task that generates its data, or again with the data and the configuration of a run and some changed fields. Returns the id of the run at once; follow it with get_run and waitSeconds. Change one thing at a time, so that the comparison says what helped.',
  effect: 'starts',
  cost: 'Trains for the stated number of steps or seconds, with all processors, and stores a run on disk.',
  input,
  output,
  async confirm(request, context) {
    const { config, source, parent, dropped } = await prepared(request, context);
    const estimate = await estimateTraining(config, context);
    return {
      question: phrase('Train {0} on {1}?', summarize(config), nameOfSource(source, config)),
      details: [summarizeTraining(config), ...sayDropped(dropped), ...costOf(estimate)],
      estimate: estimate.estimate,
      subject: JSON.stringify([config, source, parent]),
    };
  },
  async run(request, context) {
    const { dropped, ...start } = await prepared(request, context);
    return { ...handleOf(await context.trainings.start(start), context), dropped: [...dropped] };
  },
});

type Prepared = Pick<StartRequest, 'config' | 'source' | 'parent'> & {
  /** Paths of the inherited fields that were left out. */
  readonly dropped: readonly string[];
};

/** @throws AgentError, ConfigError for arguments that do not go together, and for a configuration that cannot be trained */
async function prepared(request: z.output<typeof input>, context: AgentContext): Promise<Prepared> {
  const { path, from } = request;
  if (path !== undefined && from !== undefined)
    throw new AgentError('"from" takes the data of the run. Omit "path", or omit "from" and set the fields to keep.');
  return from === undefined ? newRun(request, context) : runAgain({ ...request, from }, context);
}

async function newRun({ path, ...changes }: z.output<typeof input>, context: AgentContext): Promise<Prepared> {
  if (path !== undefined && namesData(changes))
    throw new AgentError('"path" and the field data.train both name the training data. Give one of them.');
  const named = path ?? (namesData(changes) ? String(changes.set['data.train']) : undefined);
  const file = named === undefined ? undefined : await allowedPath(named, context, 'read');
  const written = writtenOf(changes);
  const config = parseRunConfig(setFields(withTask(context.defaults(file), changes.set['task.name']), written));
  // Settings are for runs of all kinds: those without an effect are no mistake.
  const whole = await checked(config, written, context);
  const { generated } = tasks[whole.task.name];
  if (path !== undefined && generated)
    throw new AgentError(`The task "${whole.task.name}" generates its data. Omit "path", or set another task.name.`);
  if (generated) return { config: whole, source: { kind: 'generated' }, dropped: [] };
  if (file === undefined)
    throw new AgentError('There is no training data. Give "path", or set task.name to a task that generates its data.');
  return { config: whole, source: { kind: 'file', path: file }, dropped: [] };
}

async function runAgain(
  { from, ...changes }: z.output<typeof input> & { readonly from: string },
  context: AgentContext,
): Promise<Prepared> {
  const { folder, record } = await findRun(from, context);
  if (record.logged)
    throw new AgentError(`The run ${record.id} was trained by another program. Start one on its data with "path".`);
  const written = writtenOf(changes);
  const base = withTask(record.config, changes.set['task.name']);
  const inherited = withoutIneffective(parseRunConfig(setFields(base, written)), new Set(Object.keys(written)));
  const config = await checked(inherited.config, written, context, record.config);
  const { source: stored, name, id } = record;
  const source: RunSource = namesData(changes)
    ? { kind: 'file', path: await allowedPath(config.data.train, context, 'read') }
    : await dataOfRun({ config, folder, sourcePath: stored?.path ?? null, name });
  const parent = { run: id, reason: 'again', changes: configDifference(record.config, config) } as const;
  return {
    config,
    source,
    parent,
    dropped: [...fieldsOfOldTask(record.config, config, written), ...inherited.dropped],
  };
}

/** Whether the changed fields name training data. A task that generates its data refuses the field. */
function namesData({ set }: Changes): boolean {
  return (set['data.train'] ?? '') !== '';
}

type Changes = Pick<z.output<typeof input>, 'set' | 'steps' | 'seconds'>;

/** Fields of the configuration by their dotted paths. */
type Written = Changes['set'];

/** The fields that the arguments set. */
function writtenOf({ set, ...limits }: Changes): Written {
  const { steps, seconds } = limitsOf(limits);
  return {
    ...set,
    ...(steps !== undefined && { 'training.steps': steps }),
    ...(seconds !== undefined && { 'training.seconds': seconds }),
  };
}

/** The fields of a task that were set in a run, and that a run of another task does not have. */
function fieldsOfOldTask(before: RunConfig, after: RunConfig, written: Written): string[] {
  if (before.task.name === after.task.name) return [];
  const set = configDifference(parseRunConfig({ task: { name: before.task.name } }), before);
  return Object.entries(set).flatMap(([path, value]) =>
    path.startsWith('task.') && !(path in written) && getField(after, path) !== value ? [path] : [],
  );
}

/**
 * @param known configuration of the run that is trained again
 * @throws ConfigError for a written field without an effect, and for a model that the task cannot have
 */
async function checked(
  config: RunConfig,
  written: Written,
  context: AgentContext,
  known?: RunConfig,
): Promise<RunConfig> {
  refuseIneffective(config, new Set(Object.keys(written)));
  checkModel(config);
  return allowedConfig(config, context, known);
}
