import * as vscode from 'vscode';
import type { Probe, Verdict } from '../../protocol/probes.ts';
import type { RunModel } from '../runs/runModel.ts';

/** The probe of a run that was taken at a step. @throws Error when it is not kept */
export function probeOf(run: RunModel | undefined, step: number): Probe {
  const probe = run?.probes.at(step);
  if (!probe) throw new Error(vscode.l10n.t('The probe of step {0} is not kept any more.', step));
  return probe;
}

/** An advice of a probe's verdict, by its index. @throws Error when there is none */
export function adviceOf({ verdict, step }: Probe, index: number): Verdict['advice'][number] {
  const advice = verdict.advice[index];
  if (!advice) throw new Error(vscode.l10n.t('The probe of step {0} has no advice {1}.', step, index));
  return advice;
}
