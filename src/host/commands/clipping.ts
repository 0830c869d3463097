import * as vscode from 'vscode';
import type { Services } from '../services.ts';
import { withinTrust } from '../trust.ts';
import type { Commands } from './command.ts';
import { sampleConfig } from './configFile.ts';
import { trainedOnNothing } from './train.ts';

/** The same network, task and seed twice: with its gradient clipped to a norm of 1, and without. */
const SAMPLES = ['temporal-order-clipped', 'temporal-order-not-clipped'];

/**
 * "Show what clipping does": the temporal-order task of Pascanu et al. 2013, learned by plain gradient descent, one run
 * after the other, both in the tab Compare.
 */
export function clippingCommands({ runs, panels, extensionUri }: Services): Commands {
  return {
    showWhatClippingDoes: async () => {
      const comparison = `clipping-${new Date().toISOString()}`;
      const begun: string[] = [];
      for (const sample of SAMPLES) {
        const { config, notices } = withinTrust(await sampleConfig(extensionUri, sample));
        const generated = trainedOnNothing(config);
        if (!generated) throw new Error(vscode.l10n.t('The sample {0} names a task that needs a text.', sample));
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
