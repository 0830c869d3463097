import * as vscode from 'vscode';
import type { Services } from '../services.ts';
import { withinTrust } from '../trust.ts';
import type { Commands } from './command.ts';
import { sampleConfig } from './configFile.ts';
import { generatedTraining } from './train.ts';

/** Two runs of the same network, task and seed: with the gradient clipped to a norm of 1, and without clipping. */
const SAMPLES = ['temporal-order-clipped', 'temporal-order-not-clipped'];

/**
 * "Show what clipping does": trains both runs on the temporal-order task of Pascanu et al. 2013 by plain gradient
 * descent, one after the other, and shows them in the tab Compare.
 */
export function clippingCommands({ runs, panels, extensionUri }: Services): Commands {
  return {
    showWhatClippingDoes: async () => {
      const comparison = `clipping-${new Date().toISOString()}`;
      const begun: string[] = [];
      for (const sample of SAMPLES) {
        const { config, notices } = withinTrust(await sampleConfig(extensionUri, sample));
        const generated = generatedTraining(config);
        if (!generated)
          throw new Error(vscode.l10n.t('The sample "{0}" must have a task that generates its data.', sample));
        const { run, ready } = runs.start({ ...generated, config, notices, comparison });
        await ready;
        if (begun.length === 0) panels.show(run, 'compare');
        begun.push(run.id);
        await runs.liveRun(run.id)?.over;
        if (run.state === 'stopped') break;
      }
      return begun;
    },
  };
}
