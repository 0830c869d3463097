import * as vscode from 'vscode';
import { targetEditor } from '../commands/target.ts';
import { Disposables } from '../disposables.ts';
import type { RunManager } from '../runs/runManager.ts';
import { contextValues } from './contextValues.ts';

/** Sets the context keys with which `when` clauses hide commands that cannot work. */
export class ContextKeys extends Disposables {
  readonly #runs: RunManager;
  readonly #set = new Map<string, boolean>();

  constructor(runs: RunManager, onError: (error: unknown) => void) {
    super();
    this.#runs = runs;
    const update = () => this.#update();
    this.register(runs.onDidChangeRun(update));
    this.register(runs.onDidChangeList(update));
    this.register(vscode.window.onDidChangeActiveTextEditor(update));
    this.register(vscode.window.onDidChangeVisibleTextEditors(update));
    this.#update();
    runs.refresh().catch(onError);
  }

  #update(): void {
    const runs = this.#runs.runs.map((run) => ({ run, trainsHere: this.#runs.liveRun(run.id) !== undefined }));
    const hasText = targetEditor() !== undefined;
    const { isPaused: isQueuePaused } = this.#runs.turns;
    for (const [name, value] of Object.entries(contextValues({ runs, hasText, isQueuePaused }))) this.#put(name, value);
  }

  #put(name: string, value: boolean): void {
    if (this.#set.get(name) === value) return;
    this.#set.set(name, value);
    void vscode.commands.executeCommand('setContext', `sequenceLab.${name}`, value);
  }
}
