import * as vscode from 'vscode';
import type { Probe } from '../../protocol/probes.ts';
import type { Advice } from '../../protocol/verdicts.ts';
import type { RunModel } from '../runs/runModel.ts';

/** Probe of a run at a step. @throws Error if it was removed or never existed */
export function probeOf(run: RunModel | undefined, step: number): Probe {
  const probe = run?.probes.at(step);
  if (!probe) throw new Error(vscode.l10n.t('The probe of step {0} is no longer available.', step));
  return probe;
}

/** Advice of a probe, by index. @throws Error if there is none */
export function adviceOf({ advice: all, step }: Probe, index: number): Advice {
  const advice = all[index];
  if (!advice) throw new Error(vscode.l10n.t('The probe of step {0} has no advice {1}.', step, index));
  return advice;
}
