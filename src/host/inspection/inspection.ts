import * as vscode from 'vscode';
import { Disposables } from '../disposables.ts';
import type { RunManager } from '../runs/runManager.ts';
import { SECTION } from '../settings.ts';
import { FollowedEditor } from './followedEditor.ts';
import { Inspectors } from './inspectors.ts';
import { openModel, type OpenModelOptions } from './openModel.ts';
import { RowReader } from './rowReader.ts';

/** Settings that a trainer is started with; one that runs on after a change would not be what the user asked for. */
const STARTED_WITH = ['home', 'tensorflowPath', 'nodePath', 'trainer.isolation', 'trainer.wideSimd'];

/** What everything needs that shows a model at work on a text: models that answer, and the editor that is followed. */
export class Inspection extends Disposables {
  readonly inspectors: Inspectors;
  readonly followed = this.register(new FollowedEditor());
  readonly rows = new RowReader();

  constructor(runs: RunManager, options: OpenModelOptions) {
    super();
    this.inspectors = this.register(
      new Inspectors({
        live: ({ id }) => runs.liveRun(id)?.inspector,
        open: async (run, died) => openModel(options, run, died),
        onError: options.onError,
      }),
    );
    const retire = () => this.inspectors.retireAll();
    this.register(vscode.workspace.onDidGrantWorkspaceTrust(retire));
    this.register(
      vscode.workspace.onDidChangeConfiguration((change) => {
        if (STARTED_WITH.some((name) => change.affectsConfiguration(`${SECTION}.${name}`))) retire();
      }),
    );
  }
}
