import * as vscode from 'vscode';
import { Disposables } from '../disposables.ts';
import { capabilitiesOf, type Capability } from '../runs/capabilities.ts';
import type { RunManager } from '../runs/runManager.ts';

/**
 * Context keys for `when` clauses, which hide unavailable commands in the palette. Keys about stored runs are negative,
 * so that the commands are offered before the extension is active.
 */
export class ContextKeys extends Disposables {
  readonly #runs: RunManager;
  readonly #set = new Map<string, boolean>();

  constructor(runs: RunManager) {
    super();
    this.#runs = runs;
    this.register(runs.onDidChangeRun(() => this.#update()));
    this.register(runs.onDidChangeList(() => this.#update()));
  }

  #update(): void {
    const possible = new Set<Capability>();
    for (const run of this.#runs.runs) {
      for (const capability of capabilitiesOf(run, this.#runs.liveRun(run.id) !== undefined)) possible.add(capability);
    }
    this.#put('canPause', possible.has('pause'));
    this.#put('canContinue', possible.has('continue'));
    this.#put('canStop', possible.has('stop'));
    this.#put('nothingToResume', !possible.has('resume'));
    this.#put('nothingToGenerateWith', !possible.has('generate'));
    this.#put('noRuns', this.#runs.runs.length === 0);
  }

  #put(name: string, value: boolean): void {
    if (this.#set.get(name) === value) return;
    this.#set.set(name, value);
    void vscode.commands.executeCommand('setContext', `sequenceLab.${name}`, value);
  }
}
