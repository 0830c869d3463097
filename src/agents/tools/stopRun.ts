import * as z from 'zod';
import { phrase } from '../../phrases/phrase.ts';
import type { RunRecord } from '../../runs/record.ts';
import { AgentError } from '../agentError.ts';
import type { AgentContext } from '../context.ts';
import { NO_COST } from '../estimate.ts';
import { findRun } from '../runs.ts';
import { runName } from '../schemas.ts';
import { defineTool } from '../tool.ts';

const input = z.strictObject({ run: runName.describe('Id or name of the run, or id of a sweep.') });

const output = z.object({
  run: z.string(),
  next: z.string().describe('What happens now, and how to continue the run.'),
});

export const stopRun = defineTool({
  name: 'stop_run',
  title: 'Stop Run',
  description:
    'Ends a run in training after its current step, with a checkpoint, or all trials of a sweep. A run can be continued with resume_run. Only what these tools have started can be stopped.',
  effect: 'changes',
  cost: 'Nothing.',
  input,
  output,
  async confirm({ run: name }, context) {
    if (context.trainings.status(name)?.phase === 'sweeping')
      return {
        question: phrase('Stop the sweep {0}?', name),
        details: [phrase('Its trials in training end with a checkpoint.')],
        estimate: NO_COST,
      };
    const record = await trainingRun(name, context);
    const { step } = record.progress;
    return {
      question: phrase('Stop the run {0}?', record.id),
      details: [phrase('It is at step {0} of {1}, and ends with a checkpoint. It can be resumed.', step, record.steps)],
      estimate: NO_COST,
    };
  },
  async run({ run: name }, context) {
    if (context.trainings.status(name)?.phase === 'sweeping') {
      await context.trainings.stop(name);
      return { run: name, next: 'The trials in training end with checkpoints. List them with list_runs.' };
    }
    const record = await trainingRun(name, context);
    if (!(await context.trainings.stop(record.id)))
      throw new AgentError(`The run ${record.id} is trained by another program. Ask the user to stop it there.`);
    return {
      run: record.id,
      next: 'The run ends with a checkpoint. See its state with get_run, and continue it with resume_run.',
    };
  },
});

/** @throws AgentError for a run that is not in training */
async function trainingRun(name: string, context: AgentContext): Promise<RunRecord> {
  const { record, holder } = await findRun(name, context);
  if (holder !== undefined) return record;
  throw new AgentError(`The run ${record.id} is not in training: its state is "${record.state}". See it with get_run.`);
}
