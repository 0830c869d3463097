import { relative, sep } from 'node:path';
import * as vscode from 'vscode';
import { Disposables } from '../disposables.ts';
import { SECTION } from '../settings.ts';
import type { RunManager } from './runManager.ts';
import { RECORD_FILE } from '../../runs/record.ts';
import { pathOf, uriOf } from '../uris.ts';

/** Delay after the last change in milliseconds: a checkpoint renames several files at once. */
const SETTLE_MS = 300;
/** Longest delay after the first change, while others follow: programs that log their runs write all the time. */
const LONGEST_MS = 1000;

/** Interval at which the process of a run that trains elsewhere is looked for: its end need not change a file. */
const ALIVE_MS = 5000;

/** Updates the list of runs when the command line or another window changes the run store. */
export class RunsWatcher extends Disposables {
  readonly #runs: RunManager;
  readonly #onError: (error: unknown) => void;
  #watcher: vscode.FileSystemWatcher | undefined;
  #timer: NodeJS.Timeout | undefined;
  #alive: NodeJS.Timeout | undefined;
  /** Time of the first change that was not read; undefined if all were. */
  #since: number | undefined;

  constructor(runs: RunManager, onError: (error: unknown) => void) {
    super();
    this.#runs = runs;
    this.#onError = onError;
    this.#watch();
    const lookAgain = () => this.#lookAgain();
    this.register(runs.onDidChangeRun(lookAgain));
    this.register(runs.onDidChangeList(lookAgain));
    this.register(
      vscode.workspace.onDidChangeConfiguration((change) => {
        if (!change.affectsConfiguration(`${SECTION}.home`)) return;
        this.#watch();
        this.#refreshSoon();
      }),
    );
  }

  override dispose(): void {
    clearTimeout(this.#timer);
    clearTimeout(this.#alive);
    this.#watcher?.dispose();
    super.dispose();
  }

  #watch(): void {
    this.#watcher?.dispose();
    const { folder } = this.#runs;
    // VS Code reports a deleted folder, but not the files that were in it.
    const pattern = new vscode.RelativePattern(uriOf(folder), `{*,*/${RECORD_FILE},*/annotations.json,*/note.md}`);
    const watcher = vscode.workspace.createFileSystemWatcher(pattern);
    const changed = (uri: vscode.Uri) => {
      const path = pathOf(uri) ?? '';
      const [run = ''] = relative(folder, path).split(sep);
      // A run in training sends events, and writes its record often.
      if (!this.#runs.liveRun(run) || !path.endsWith(RECORD_FILE)) this.#refreshSoon();
    };
    watcher.onDidCreate(changed);
    watcher.onDidChange(changed);
    watcher.onDidDelete(changed);
    this.#watcher = watcher;
  }

  /** Looks for the processes of runs that train elsewhere, as long as there are any. */
  #lookAgain(): void {
    if (this.#alive !== undefined || !this.#runs.runs.some(({ view }) => view.elsewhere && view.state === 'running'))
      return;
    this.#alive = setTimeout(() => {
      this.#alive = undefined;
      this.#runs
        .refresh()
        .then(() => this.#lookAgain())
        .catch(this.#onError);
    }, ALIVE_MS);
  }

  #refreshSoon(): void {
    clearTimeout(this.#timer);
    this.#since ??= performance.now();
    const left = LONGEST_MS - (performance.now() - this.#since);
    const delay = Math.max(0, Math.min(SETTLE_MS, left));
    this.#timer = setTimeout(() => {
      this.#since = undefined;
      this.#runs.refresh().catch(this.#onError);
    }, delay);
  }
}
