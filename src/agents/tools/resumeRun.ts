import * as z from 'zod';
import { phrase } from '../../phrases/phrase.ts';
import type { ResumeChanges } from '../../protocol/trainer.ts';
import { AgentError } from '../agentError.ts';
import type { AgentContext } from '../context.ts';
import { costOf, estimateRest } from '../estimate.ts';
import { handleOf } from '../handle.ts';
import { findRun } from '../runs.ts';
import { runName, startedRun } from '../schemas.ts';
import { defineTool } from '../tool.ts';

const input = z.strictObject({
  run: runName,
  steps: z.int().positive().optional().describe('New total number of steps.'),
  seconds: z.number().nonnegative().optional().describe('New total seconds of training; 0: no limit.'),
  learningRate: z.number().positive().optional(),
  clipNorm: z.number().positive().optional(),
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
    const { record, changes } = await prepared(request, context);
    const estimate = await estimateRest(record, changes, context);
    return {
      question: phrase('Continue the run {0} from step {1}?', record.id, record.progress.step),
      details: costOf(estimate),
      estimate: estimate.estimate,
    };
  },
  async run(request, context) {
    const { folder, changes } = await prepared(request, context);
    return handleOf(await context.trainings.resume({ folder, changes }), context);
  },
});

/** @throws AgentError for a run that cannot be resumed, or that has nothing left to train */
async function prepared(
  { run: name, steps, seconds, learningRate, clipNorm }: z.output<typeof input>,
  context: AgentContext,
) {
  const { folder, record, holder } = await findRun(name, context);
  const { phase } = context.trainings.status(record.id) ?? {};
  if (holder !== undefined || phase === 'preparing' || phase === 'training')
    throw new AgentError(`The run ${record.id} is in training. Follow it with get_run.`);
  if (record.logged ?? record.state === 'imported')
    throw new AgentError(`The run ${record.id} was trained by another program, and cannot be resumed here.`);
  const { step } = record.progress;
  if (step >= (steps ?? record.steps))
    throw new AgentError(`The run ${record.id} is at step ${step}. Give "steps", the new total, above it.`);
  const changes: ResumeChanges = {
    ...(steps !== undefined && { steps }),
    ...(seconds !== undefined && { seconds }),
    ...(learningRate !== undefined && { learningRate }),
    ...(clipNorm !== undefined && { clipNorm }),
  };
  return { folder, record, changes };
}
