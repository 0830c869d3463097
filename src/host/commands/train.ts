import type { Services } from '../services.ts';
import { withinTrust } from '../trust.ts';
import { chooseConfig } from './chooseConfig.ts';
import type { Commands } from './command.ts';
import { settingsFor } from './settingsFor.ts';
import { resolveTarget } from './target.ts';

/** "Train LSTM on file". */
export function trainCommands({ runs, panels }: Services): Commands {
  return {
    trainLstmOnFile: async (argument) => {
      const target = await resolveTarget(argument);
      if (!target) return undefined;
      const defaults = settingsFor(target.uri);
      const prepared = panels.prepare(target.name);
      const begin = async () => {
        const chosen = await chooseConfig(target.name, defaults);
        if (!chosen) return undefined;
        const { config, notices } = withinTrust(chosen);
        const { run, ready } = runs.start({ config, notices, source: target.source, name: target.name });
        await Promise.all([ready, panels.showIn(prepared, run)]);
        return run.id;
      };
      const id = await begin().catch((error: unknown) => {
        prepared.panel.dispose();
        throw error;
      });
      if (id === undefined) prepared.panel.dispose();
      return id;
    },
  };
}
