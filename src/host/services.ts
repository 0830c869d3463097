import type * as vscode from 'vscode';
import type { WarmClassifier } from './classification/warmClassifier.ts';
import type { Sentiment } from './classification/sentiment.ts';
import type { CoursePanels } from './course/coursePanel.ts';
import type { DataInspection } from '../protocol/dataInspection.ts';
import type { DataSet } from './dataSets/dataPanel.ts';
import type { DataPanels } from './dataSets/dataPanels.ts';
import type { TextColors } from './decorations/textColors.ts';
import type { Forms } from './form/forms.ts';
import type { Inspection } from './inspection/inspection.ts';
import type { RunPanels } from './panel/runPanels.ts';
import type { RunManager } from './runs/runManager.ts';
import type { ReportPreviews } from './reports/reportPreviews.ts';
import type { RunsPages } from './runsPage/runsPages.ts';
import type { SweepForms } from './sweeping/sweepForms.ts';
import type { Sweeps } from './sweeping/sweeps.ts';
import type { Reach } from './views/milestones.ts';
import type { StartOptions } from './trainerClient/holder.ts';

/** Services that the commands use. */
export interface Services {
  readonly runs: RunManager;
  readonly panels: RunPanels;
  readonly inspection: Inspection;
  readonly colors: TextColors;
  readonly sentiment: Sentiment;
  readonly classifier: WarmClassifier;
  readonly data: DataPanels;
  readonly course: CoursePanels;
  readonly forms: Forms;
  readonly runsPages: RunsPages;
  readonly reports: ReportPreviews;
  readonly sweeps: Sweeps;
  readonly sweepForms: SweepForms;
  readonly reach: Reach;
  /** Inspects a data set, read as in training. */
  readonly inspectData: (set: DataSet) => Promise<DataInspection>;
  readonly log: vscode.LogOutputChannel;
  readonly extensionUri: vscode.Uri;
  readonly trainerOptions: StartOptions;
}
