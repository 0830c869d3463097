import { dirname } from 'node:path';
import * as z from 'zod';
import { dataPathsOf } from '../../config/dataPaths.ts';
import { parseJson } from '../../config/parse.ts';
import { rangeTestRates } from '../../config/rangeTest.ts';
import type { RunConfig } from '../../config/schema.ts';
import { formatCount } from '../../format/count.ts';
import { formatDuration } from '../../format/duration.ts';
import { phrase, type Text } from '../../phrases/phrase.ts';
import { disk, fileInfo } from '../../platform/files.ts';
import { storedState } from '../../protocol/storedState.ts';
import { readMetrics } from '../../runs/metricsLog.ts';
import type { IndexedRun } from '../../runs/runIndex.ts';
import { Curves } from '../../runs/series/curves.ts';
import { trialConfig } from '../../sweeps/plannedTrials.ts';
import { type ReadSweep, readSweep } from '../../sweeps/readSweep.ts';
import { sweptRun } from '../../sweeps/sweptRun.ts';
import type { NewSweep } from '../../sweeps/sweepStore.ts';
import { AgentError } from '../agentError.ts';
import type { AgentContext } from '../context.ts';
import { droppedFields, sayDropped } from '../dropped.ts';
import { costOf, estimator } from '../estimate.ts';
import { estimateSweep } from '../estimateSweep.ts';
import { allowedConfig, allowedPath } from '../paths.ts';
import { findRun, storedRuns } from '../runs.ts';
import { defineTool } from '../tool.ts';

const input = z.strictObject({
  path: z.string().min(1).optional().describe('Sweep file (*.sequence-lab-sweep.json) in the workspace.'),
  sweep: z
    .record(z.string(), z.unknown())
    .optional()
    .describe(
      'Content of such a file in place of a path: "base" (configuration) or "from" (run), "fields" with the values to try, "seeds", "method", "budget", "objective".',
    ),
});

const output = z.object({
  sweep: z.string().describe('Id of the sweep.'),
  trials: z.int(),
  dropped: droppedFields,
  next: z.string().describe('How to follow the trials.'),
});

/** Largest sweep file in bytes. */
const LARGEST_FILE = 2 ** 20;

export const startSweep = defineTool({
  name: 'start_sweep',
  title: 'Start Sweep',
  description:
    'Starts a sweep: it trains a configuration with several values of its fields, each with several seeds. Use it to tell an effect from the noise of a seed. Returns the id of the sweep at once; list its trials with list_runs and the filter sweep = "ID".',
  effect: 'starts',
  cost: 'Trains every trial, with all processors, and stores a run on disk for each.',
  input,
  output,
  async confirm(request, context) {
    const planned = await prepared(request, context);
    const all = await estimateSweep(planned, await estimator(context));
    return {
      question: phrase('Train the {0} trials of a sweep?', planned.trials.length),
      details: [
        phrase('Fields: {0}.', planned.sweep.dimensions.map(({ path }) => path).join(', ')),
        ...sayDropped(planned.dropped),
        ...costOf(all),
        ...budgetOf(planned.sweep.file),
      ],
      estimate: all.estimate,
      subject: JSON.stringify([planned.sha256, planned.parent, planned.source, planned.sweep.base]),
    };
  },
  async run(request, context) {
    const { dropped, ...planned } = await prepared(request, context);
    const { sweep, trials } = await context.trainings.startSweep(planned);
    return {
      sweep,
      trials,
      dropped: [...dropped],
      next: `List the trials with list_runs and the filter: sweep = "${sweep}"`,
    };
  },
});

function budgetOf({ budget: { steps, seconds } }: NewSweep['sweep']['file']): Text[] {
  return [
    ...(steps === undefined
      ? []
      : [phrase('After {0} steps of all trials, no other trial starts.', formatCount(steps))]),
    ...(seconds === undefined
      ? []
      : [phrase('After {0} of training, no other trial starts.', formatDuration(seconds))]),
  ];
}

/** @throws AgentError for arguments that do not go together, ConfigError for a sweep that cannot be trained */
async function prepared({ path, sweep }: z.output<typeof input>, context: AgentContext): Promise<ReadSweep> {
  if ((path === undefined) === (sweep === undefined))
    throw new AgentError('Give either "path", a sweep file, or "sweep", the content of one.');
  const file = path === undefined ? null : await allowedPath(path, context, 'read');
  const given = file === null ? JSON.stringify(sweep) : await smallText(file);
  const { text, parent } = await withBase(given, parseJson(given, path ?? 'sweep'), context);
  const found = await readSweep(text, {
    folder: file === null ? (context.workspace[0] ?? '') : dirname(file),
    file,
    // Only the run that was found above is asked for.
    findRun: () => parent?.folder ?? '',
  });
  if (found.source.kind === 'file') await allowedPath(found.source.path, context, 'read');
  await checkTrials(found, parent?.record.config, context);
  return found;
}

/** Checks the paths of each trial: a sweep may try several files. */
async function checkTrials(
  { sweep, trials }: NewSweep,
  known: RunConfig | undefined,
  context: AgentContext,
): Promise<void> {
  const files = new Map(
    trials.map((trial) => {
      const config = trialConfig(sweep, trial);
      return [JSON.stringify(dataPathsOf(config)), config];
    }),
  );
  for (const config of files.values()) await allowedConfig(config, context, known);
}

/** What a sweep from a run has. */
const fromRun = z.looseObject({
  from: z.string(),
  base: z.looseObject({ training: z.looseObject({}).optional() }).optional(),
});

/**
 * The text of a sweep with the run that it is from. A sweep from a range test is from the run that it tests, with the rate
 * that it suggests, as *Sweep from this run* has it.
 * @throws AgentError as `findRun`, and for a range test whose run is missing
 */
async function withBase(
  text: string,
  content: unknown,
  context: AgentContext,
): Promise<{ readonly text: string; readonly parent: IndexedRun | undefined }> {
  const { success, data: sweep } = fromRun.safeParse(content);
  if (!success) return { text, parent: undefined };
  const named = await findRun(sweep.from, context);
  if (!rangeTestRates(named.record.config)) return { text, parent: named };
  const { runs } = await storedRuns(context);
  const swept = sweptRun(await sweepable(named), (id) => {
    const found = runs.find(({ record }) => record.id === id);
    return found && baseOf(found);
  });
  if (!swept)
    throw new AgentError(
      `The run ${named.record.id} is a learning rate range test, and the run that it tests is not in the store. Train a run with the rate that it suggests, and start the sweep from that run.`,
    );
  const { indexed } = swept.run;
  const training = { ...swept.changes?.training, ...sweep.base?.training };
  const base = { ...sweep.base, ...(Object.keys(training).length > 0 && { training }) };
  return { text: JSON.stringify({ ...sweep, from: indexed.record.id, base }), parent: indexed };
}

function baseOf(indexed: IndexedRun) {
  const { config, parent } = indexed.record;
  return { indexed, config, parent };
}

/** A stored range test with its losses. */
async function sweepable(indexed: IndexedRun) {
  const { state, progress } = indexed.record;
  const curves = new Curves();
  for (const event of await readMetrics(indexed.folder)) curves.add(event);
  const { step, learning } = progress;
  return { ...baseOf(indexed), state: storedState(state, indexed.holder !== undefined), step, learning, curves };
}

async function smallText(file: string): Promise<string> {
  const { size } = await fileInfo(file);
  if (size > LARGEST_FILE)
    throw new AgentError(`"${file}" is too large for a sweep. Give a *.sequence-lab-sweep.json.`);
  return disk.readText(file);
}
