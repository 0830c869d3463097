import type { Services } from '../services.ts';
import type { Commands } from './command.ts';

/** "Show runs": the table of all runs. */
export function showRunsCommands({ runsPages }: Pick<Services, 'runsPages'>): Commands {
  return { showRuns: async () => runsPages.show() };
}
