import * as vscode from 'vscode';
import { Disposables } from '../disposables.ts';
import type { RunManager } from '../runs/runManager.ts';
import { SECTION, type TrainerSettings } from '../settings.ts';
import type { StartOptions } from '../trainerClient/holder.ts';
import { ClassifierClient } from '../trainerClient/trainerClient.ts';
import { AnswerDecorations } from './answerDecorations.ts';
import { AnswerHover } from './answerHover.ts';
import { modelInUse } from './modelInUse.ts';
import { Sentiment } from './sentiment.ts';
import { SentimentStatus } from './sentimentStatus.ts';
import { WarmClassifier } from './warmClassifier.ts';

/** Settings that take effect when a trainer starts. */
const RESTART_SETTINGS = ['home', 'trainer.isolation', 'trainer.wideSimd'];

export interface SentimentEditorOptions {
  readonly runs: RunManager;
  readonly settings: () => TrainerSettings;
  readonly trainerOptions: StartOptions;
  readonly onError: (error: unknown) => void;
}

/** "Classify sentiment" in the editor: the running trainer, the answers, and their decorations, hover and status. */
export class SentimentEditor extends Disposables {
  readonly sentiment: Sentiment;
  readonly classifier: WarmClassifier;

  constructor({ runs, settings, trainerOptions, onError }: SentimentEditorOptions) {
    super();
    const classifier = (this.classifier = this.register(
      new WarmClassifier({
        start: (died) => ClassifierClient.start(trainerOptions(0), { died, error: onError }),
        backends: () => settings().backends,
        onError,
      }),
    ));
    this.sentiment = this.register(new Sentiment({ classifier, model: async () => modelInUse(runs), onError }));
    this.register(new AnswerDecorations(this.sentiment));
    this.register(new SentimentStatus(this.sentiment));
    this.register(vscode.languages.registerHoverProvider({ pattern: '**' }, new AnswerHover(this.sentiment)));
    this.register(
      vscode.workspace.onDidChangeConfiguration((change) => {
        if (RESTART_SETTINGS.some((name) => change.affectsConfiguration(`${SECTION}.${name}`))) classifier.retire();
      }),
    );
  }
}
