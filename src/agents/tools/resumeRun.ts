import * as z from 'zod';
import { limitsOf } from '../../config/limits.ts';
import { formatDuration } from '../../format/duration.ts';
import { phrase } from '../../phrases/phrase.ts';
import type { ResumeChanges } from '../../protocol/trainer.ts';
import type { RunRecord } from '../../runs/record.ts';
import { AgentError } from '../agentError.ts';
import type { AgentContext } from '../context.ts';
import { costOf, estimateRest } from '../estimate.ts';
import { handleOf } from '../handle.ts';
import { findRun, isUnbegun, stateOf } from '../runs.ts';
import { runName, startedRun } from '../schemas.ts';
import { defineTool } from '../tool.ts';

const input = z.strictObject({
  run: runName,
  steps: z.int().positive().optional().describe('New total number of steps; removes the time limit.'),
  seconds: z.number().positive().optional().describe('New total seconds of training; removes the step limit.'),
  learningRate: z.number().positive().optional().describe('New learning rate.'),
  clipNorm: z.number().positive().optional().describe('New limit of the gradient norm.'),
});

const output = startedRun;

export const resumeRun = defineTool({
  name: 'resume_run',
  title: 'Resume Run',
  description:
    'Continues a run from its last checkpoint: one that was stopped or interrupted, or one that has ended, to more steps. Returns at once; follow it with get_run and waitSeconds.',
  effect: 'starts',
  cost: 'Trains for the remaining number of steps or seconds.',
  input,
  output,
  async confirm(request, context) {
    const { run, changes } = await prepared(request, context);
    const { record } = run;
    const estimate = await estimateRest(run, changes);
    return {
      question: phrase('Continue the run {0} from step {1}?', record.id, record.progress.step),
      details: costOf(estimate),
      estimate: estimate.estimate,
      subject: JSON.stringify([stateOf(run), record.steps, record.secondsLimit, changes]),
    };
  },
  async run(request, context) {
    const { run, changes } = await prepared(request, context);
    return handleOf(await context.trainings.resume({ folder: run.folder, changes }), context);
  },
});

/** @throws AgentError for a run that cannot be resumed, or that has nothing left to train */
async function prepared(
  { run: name, steps, seconds, learningRate, clipNorm }: z.output<typeof input>,
  context: AgentContext,
) {
  const run = await findRun(name, context);
  const { record, holder } = run;
  const status = context.trainings.status(record.id);
  if (holder !== undefined || isUnbegun(status) || status?.phase === 'training')
    throw new AgentError(`The run ${record.id} is in training, or begins soon. Follow it with get_run.`);
  if (record.logged ?? record.state === 'imported')
    throw new AgentError(`The run ${record.id} was trained by another program, and cannot be resumed here.`);
  const changes: ResumeChanges = {
    ...limitsOf({ steps, seconds }),
    ...(learningRate !== undefined && { learningRate }),
    ...(clipNorm !== undefined && { clipNorm }),
  };
  refuseUsedUp(record, changes);
  return { run, changes };
}

/** @throws AgentError that says what to give, if no steps or no time are left */
function refuseUsedUp(
  { id, progress, ...record }: RunRecord,
  { steps = record.steps, seconds = record.secondsLimit }: ResumeChanges,
): void {
  if (progress.step >= steps)
    throw new AgentError(
      `The run ${id} is at step ${progress.step}, and its last one is ${steps}. Give "steps", the new total, above it, or "seconds", which removes the step limit.`,
    );
  if (seconds > 0 && progress.seconds >= seconds)
    throw new AgentError(
      `The run ${id} has trained for ${formatDuration(progress.seconds)}, and its time limit is ${formatDuration(seconds)}. Give "seconds", the new total, above it, or "steps", which removes the time limit.`,
    );
}
