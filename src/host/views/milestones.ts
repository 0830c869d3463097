import * as vscode from 'vscode';
import { Disposables } from '../disposables.ts';
import type { RunManager } from '../runs/runManager.ts';

/** What completes a step of the walkthrough: each is a context key `sequenceLab.NAME`, set when it has happened. */
export const MILESTONES = [
  'runCompleted',
  'gatesSeen',
  'comparisonOpened',
  'lessonOpened',
  'sentenceClassified',
] as const;

export type Milestone = (typeof MILESTONES)[number];

/** Records a milestone. */
export type Reach = (milestone: Milestone) => void;

/** Milestones of the user in this window. VS Code stores the steps of the walkthrough that they complete. */
export class Milestones extends Disposables {
  readonly #reached = new Set<Milestone>();

  constructor(runs: RunManager) {
    super();
    this.register(
      runs.onDidEndRun(({ state }) => {
        if (state === 'completed') this.reach('runCompleted');
      }),
    );
  }

  get reached(): ReadonlySet<Milestone> {
    return this.#reached;
  }

  readonly reach: Reach = (milestone) => {
    if (this.#reached.has(milestone)) return;
    this.#reached.add(milestone);
    void vscode.commands.executeCommand('setContext', `sequenceLab.${milestone}`, true);
  };
}
