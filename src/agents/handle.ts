import type * as z from 'zod';
import { AgentError } from './agentError.ts';
import type { AgentContext } from './context.ts';
import type { startedRun } from './schemas.ts';

/** Answer about a run that was started. @throws AgentError if it has failed already */
export function handleOf(
  { run }: { readonly run: string },
  { trainings }: Pick<AgentContext, 'trainings'>,
): z.output<typeof startedRun> {
  const { phase, message } = trainings.status(run) ?? { phase: 'training' };
  if (phase === 'failed') throw new AgentError(message ?? `The run ${run} has failed. Look at it with get_run.`);
  return { run, state: phase, next: `Follow it with get_run { "run": "${run}", "waitSeconds": 30 }.` };
}
