import * as vscode from 'vscode';
import { MAX_INSPECTED_STEPS } from '../../protocol/inspection.ts';
import type { gradientsTabHostContract } from '../../protocol/gradientsTab.ts';
import type { Functions } from '../../protocol/rpc.ts';
import type { Inspection } from '../inspection/inspection.ts';
import { windowAround } from '../inspection/textWindow.ts';
import type { RunModel } from '../runs/runModel.ts';
import { adviceOf, probeOf } from './probeOf.ts';

/** What the panel's tab "Gradients" asks. @param shown the run that the panel shows */
export function gradientsTabFunctions(shown: () => RunModel | undefined, { followed, inspectors }: Inspection): Functions<typeof gradientsTabHostContract> {
  return {
    probeAt: ({ step }) => probeOf(shown(), step),
    probeOpenText: async () => {
      const run = shown();
      const text = followed.current;
      if (!run || !text || text.source.length === 0) {
        throw new Error(vscode.l10n.t('No text is open. Open one in an editor, and its gradients are probed around the cursor.'));
      }
      // Twice as far as training looks back, so that one sees what lies behind the cut.
      const characters = Math.min(2 * run.view.truncation, MAX_INSPECTED_STEPS);
      const window = windowAround(text.source, text.cursor, characters);
      const probe = await inspectors.ask(run, (inspector) => inspector.probe({ text: window.text.slice(window.from) }));
      return { name: text.name, probe };
    },
    tryAdvice: async ({ step, advice }) => {
      const run = shown();
      const { changes } = adviceOf(probeOf(run, step), advice);
      await vscode.commands.executeCommand('sequenceLab.tryAdvice', run, changes);
    },
  };
}
