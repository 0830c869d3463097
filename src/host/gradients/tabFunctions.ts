import * as vscode from 'vscode';
import { MAX_INSPECTED_STEPS } from '../../protocol/inspection.ts';
import type { gradientsTabHostContract } from '../../protocol/gradientsTab.ts';
import type { Functions } from '../../protocol/rpc.ts';
import type { Inspection } from '../inspection/inspection.ts';
import { passageAt } from '../inspection/passage.ts';
import type { RunModel } from '../runs/runModel.ts';
import { adviceOf, probeOf } from './probeOf.ts';

/** Functions for the panel's tab "Gradients". @param shown returns the run that the panel shows */
export function gradientsTabFunctions(
  shown: () => RunModel | undefined,
  { followed, hidden, inspectors, rows }: Pick<Inspection, 'followed' | 'hidden' | 'inspectors' | 'rows'>,
): Functions<typeof gradientsTabHostContract> {
  return {
    probeAt: ({ step }) => probeOf(shown(), step),
    probeOpenText: async () => {
      const run = shown();
      const text = followed.current ?? (run && (await hidden.of(run)));
      if (!run || !text || text.source.length === 0) {
        throw new Error(
          vscode.l10n.t('No text is open. Open a text in an editor to probe the gradients around its cursor.'),
        );
      }
      // Twice the length of truncated backpropagation, to show the gradient beyond the truncation.
      const tokens = Math.min(2 * run.view.truncation, MAX_INSPECTED_STEPS);
      return inspectors.ask(run, async (inspector) => {
        const { text: read, from, row } = await passageAt(text, { config: run.config, inspector, rows, tokens });
        const name = row === null ? text.name : vscode.l10n.t('{0}, line {1}', text.name, row.line);
        return { name, probe: await inspector.probe({ text: read.slice(from) }) };
      });
    },
    tryAdvice: async ({ step, advice }) => {
      const run = shown();
      const { changes } = adviceOf(probeOf(run, step), advice);
      await vscode.commands.executeCommand('sequenceLab.tryAdvice', run, changes);
    },
  };
}
