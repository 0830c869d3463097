import * as vscode from 'vscode';
import { CELL_NAMES, cells, listTitles } from '../../config/cells.ts';
import type { RunConfig } from '../../config/schema.ts';
import { compareArchitectures, type ComparedRuns, type Fairness } from '../comparison/compareArchitectures.ts';
import type { RunManager } from '../runs/runManager.ts';
import type { RunModel } from '../runs/runModel.ts';
import { cellName } from '../../config/modelKind.ts';
import { summarize } from '../../runs/summary.ts';
import type { Services } from '../services.ts';
import { withinTrust } from '../trust.ts';
import { BACK, pickStep } from './quickInput.ts';
import { settingsFor } from '../settings.ts';
import { resolveTarget } from './target.ts';
import type { Commands } from './command.ts';

/**
 * "Compare architectures on file": trains one run per cell on the same text, and shows them in the tab Compare. A run that
 * the user stops is the last one.
 */
export function compareCommands({ runs, panels, extensionUri }: Services): Commands {
  return {
    compareArchitecturesOnFile: async (argument) => {
      const target = await resolveTarget(argument, extensionUri);
      if (!target) return undefined;
      const { config, notices } = withinTrust(settingsFor(target.uri));
      const fairness = await chooseFairness(target.name, config);
      if (!fairness) return undefined;
      const title = vscode.l10n.t('Comparing architectures on {0}', target.name);
      // In the status bar: a notification would cover the charts until the last run has ended.
      const location = vscode.ProgressLocation.Window;
      const begun = await vscode.window.withProgress({ location, title }, async (progress) => {
        let current: RunModel | undefined;
        return compareArchitectures(comparedRuns(runs), {
          training: { config, notices, source: target.source, name: target.name },
          comparison: `comparison-${new Date().toISOString()}`,
          fairness,
          began: (run, index) => {
            current = run;
            progress.report({
              message: vscode.l10n.t(
                'Training {0}, {1} of {2}',
                cellName(run.config.model),
                index + 1,
                CELL_NAMES.length,
              ),
            });
            if (index === 0) panels.show(run, 'compare');
          },
          cancelled: () => current?.state === 'stopped',
        });
      });
      return begun.map(({ id }) => id);
    },
  };
}

function comparedRuns(runs: RunManager): ComparedRuns {
  return {
    start: (training) => runs.start(training),
    sized: async (run) => runs.until(run, () => run.view.parameters > 0),
    over: async ({ id }) => runs.liveRun(id)?.over,
  };
}

interface FairnessItem extends vscode.QuickPickItem {
  readonly fairness: Fairness;
}

/**
 * Asks for equal units or equal parameters, and for sequential or parallel runs; Enter takes equal units in sequence.
 */
async function chooseFairness(name: string, config: RunConfig): Promise<Fairness | undefined> {
  const [first, ...others] = CELL_NAMES;
  const ends =
    config.training.patience === 0
      ? vscode.l10n.t('All train for {0} steps.', config.training.steps)
      : vscode.l10n.t('Each ends early when its validation loss no longer falls, and keeps its best model.');
  const items: FairnessItem[] = [
    {
      label: vscode.l10n.t('Equal units, sequential runs'),
      detail: vscode.l10n.t(
        '{0} use the hidden size of the {1}, so they have fewer parameters. Runs do not compete for the processor. {2}',
        listTitles(others),
        cells[first].title,
        ends,
      ),
      description: summarize(config),
      fairness: { equal: 'units', order: 'sequential' },
    },
    {
      label: vscode.l10n.t('Equal parameters, sequential runs'),
      detail: vscode.l10n.t(
        '{0} use the hidden size that gives them about as many parameters as the {1}.',
        listTitles(others),
        cells[first].title,
      ),
      fairness: { equal: 'parameters', order: 'sequential' },
    },
    {
      label: vscode.l10n.t('Equal units, parallel runs'),
      detail: vscode.l10n.t(
        'Runs train at the same time, as many as the settings allow, and share the processor, so training times are less comparable.',
      ),
      fairness: { equal: 'units', order: 'parallel' },
    },
    {
      label: vscode.l10n.t('Equal parameters, parallel runs'),
      fairness: { equal: 'parameters', order: 'parallel' },
    },
  ];
  const title = vscode.l10n.t('Compare {0} on {1}', listTitles(CELL_NAMES), name);
  const chosen = await pickStep({
    title,
    back: false,
    placeholder: vscode.l10n.t('Select what to keep equal besides text, seed and data order'),
    items,
  });
  return chosen === undefined || chosen === BACK ? undefined : chosen.fairness;
}
