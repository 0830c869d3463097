import * as vscode from 'vscode';
import { Disposables } from '../disposables.ts';
import type { RunManager } from '../runs/runManager.ts';
import { SECTION } from '../settings.ts';
import { FollowedEditor } from './followedEditor.ts';
import { HiddenTexts } from './hiddenTexts.ts';
import { Inspectors } from './inspectors.ts';
import { openModel, type OpenModelOptions } from './openModel.ts';
import { RowReader } from './rowReader.ts';

/** Settings that take effect when a trainer starts. A change ends the trainers that run with the old values. */
const RESTART_SETTINGS = ['home', 'tensorflowPath', 'nodePath', 'trainer.isolation', 'trainer.wideSimd'];

/** Shared services of the views that show a model on a text: the models and the followed editor. */
export class Inspection extends Disposables {
  readonly inspectors: Inspectors;
  readonly followed = this.register(new FollowedEditor());
  readonly rows = new RowReader();
  readonly hidden = new HiddenTexts(this.followed, this.rows);

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
        if (RESTART_SETTINGS.some((name) => change.affectsConfiguration(`${SECTION}.${name}`))) retire();
      }),
    );
  }
}
