import { basename } from 'node:path';
import * as vscode from 'vscode';
import { isClassifier } from '../classification/modelInUse.ts';
import { scoreLabel } from '../../protocol/scoreLabels.ts';
import { nameStep } from '../../protocol/steps.ts';
import { averagedSteps } from '../../protocol/trainingLoss.ts';
import { verdictLabels } from '../../protocol/verdictLabels.ts';
import { Disposables } from '../disposables.ts';
import { capabilitiesOf } from '../runs/capabilities.ts';
import { describeRun, runIcon } from '../runs/describe.ts';
import type { UnreadableRun } from '../runs/runList.ts';
import type { RunManager } from '../runs/runManager.ts';
import { RunModel } from '../runs/runModel.ts';
import { stateName } from '../../protocol/stateName.ts';
import { say } from '../../phrases/phrase.ts';

/** Minimum interval between updates of a run in the tree, in milliseconds, to avoid flicker. */
const REDRAW_MS = 500;

export type RunNode = RunModel | UnreadableRun;

/** The view "Runs": the runs that wait, in the order of the queue, and then all others, newest first. */
export class RunsTree extends Disposables implements vscode.TreeDataProvider<RunNode> {
  readonly #runs: RunManager;
  readonly #change = this.register(new vscode.EventEmitter<RunNode | undefined>());
  readonly onDidChangeTreeData = this.#change.event;
  readonly #select = this.register(new vscode.EventEmitter<void>());
  /** Fires when the selection changes. */
  readonly onDidSelect = this.#select.event;
  #selected: RunModel | undefined;
  readonly #stale = new Set<RunModel>();
  #timer: NodeJS.Timeout | undefined;
  #read = false;
  /** Ids of the waiting runs in the order in which they are shown. */
  #shownOrder = '';

  constructor(runs: RunManager) {
    super();
    this.#runs = runs;
    this.register(runs.onDidChangeList(() => this.#change.fire(undefined)));
    this.register(runs.onDidChangeRun((run) => this.#redrawSoon(run)));
    this.register({ dispose: () => clearTimeout(this.#timer) });
  }

  /** The selected run. */
  get selected(): RunModel | undefined {
    return this.#selected;
  }

  select(node: RunNode | undefined): void {
    this.#selected = node instanceof RunModel ? node : undefined;
    this.#select.fire();
  }

  async getChildren(node?: RunNode): Promise<RunNode[]> {
    if (node) return [];
    if (!this.#read) {
      this.#read = true;
      await this.#runs.refresh();
    }
    return [...this.#ordered(), ...this.#runs.unreadable];
  }

  get #order(): string {
    return this.#runs.turns.waiting.map(({ id }) => id).join(' ');
  }

  #ordered(): RunModel[] {
    this.#shownOrder = this.#order;
    const places = new Map(this.#runs.turns.waiting.map(({ id }, place) => [id, place]));
    const listed = this.#runs.runs.filter(({ annotations }) => !annotations.archived);
    // Sorting is stable: the others keep their order.
    return listed.sort((a, b) => (places.get(a.id) ?? Infinity) - (places.get(b.id) ?? Infinity) || 0);
  }

  getTreeItem(node: RunNode): vscode.TreeItem {
    return node instanceof RunModel ? this.#runItem(node) : unreadableItem(node);
  }

  #runItem(run: RunModel): vscode.TreeItem {
    const { starred } = run.annotations;
    const item = new vscode.TreeItem(starred ? `★ ${run.view.label}` : run.view.label);
    item.id = run.folder;
    item.description = describeRun(run);
    item.iconPath = new vscode.ThemeIcon(runIcon(run.state), iconColor(run));
    item.tooltip = runTooltip(run);
    const spoken = [
      run.view.label,
      ...(starred ? [vscode.l10n.t('starred')] : []),
      stateName(run.state),
      describeRun(run),
    ];
    item.accessibilityInformation = { label: spoken.join(', ') };
    item.contextValue = [
      'run',
      // What needs the weights, or trains again, is left out of a run that another program logs.
      ...(run.view.logged ? [] : ['trained']),
      ...capabilitiesOf(run, this.#runs.liveRun(run.id) !== undefined),
      ...(isClassifier(run) ? ['classify'] : []),
    ].join(' ');
    item.command = { command: 'sequenceLab.openRun', title: vscode.l10n.t('Open run'), arguments: [run] };
    return item;
  }

  #redrawSoon(run: RunModel): void {
    this.#stale.add(run);
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      if (this.#order !== this.#shownOrder) this.#change.fire(undefined);
      else for (const each of this.#stale) this.#change.fire(each);
      this.#stale.clear();
    }, REDRAW_MS);
  }
}

function unreadableItem({ folder, reason }: UnreadableRun): vscode.TreeItem {
  const item = new vscode.TreeItem(basename(folder));
  item.id = folder;
  item.description = vscode.l10n.t('cannot be read');
  item.iconPath = new vscode.ThemeIcon('question');
  item.tooltip = reason;
  item.contextValue = 'unreadable';
  return item;
}

function iconColor({ state }: RunModel): vscode.ThemeColor | undefined {
  if (state === 'running') return new vscode.ThemeColor('charts.green');
  if (state === 'diverged') return new vscode.ThemeColor('list.warningForeground');
  if (state === 'failed') return new vscode.ThemeColor('list.errorForeground');
  return undefined;
}

/** Tooltip of a run, as a list. Names and messages are escaped, so that they are not interpreted as Markdown. */
function runTooltip(run: RunModel): vscode.MarkdownString {
  const { title, summary, about, applies, state, steps, backend, facts, units, parameters, message } = run.view;
  const { step, latest, scores } = run.progress;
  const { trainLoss, validationLoss } = latest;
  const { kept, finding, annotations } = run;
  const markdown = new vscode.MarkdownString();
  markdown.appendMarkdown('**').appendText(title).appendMarkdown('**\n\n');
  const lines: (string | undefined)[] = [
    annotations.tags.length === 0 ? undefined : vscode.l10n.t('Tags: {0}', annotations.tags.join(', ')),
    annotations.note === '' ? undefined : vscode.l10n.t('Note: {0}', beginningOf(annotations.note)),
    summary,
    applies.training === 'steps'
      ? vscode.l10n.t('{0}, step {1} of {2}', stateName(state), step, steps)
      : [stateName(state), nameStep(applies, step)].filter(Boolean).join(', '),
    trainLoss == null ? undefined : describeTrainingLoss(trainLoss, run),
    validationLoss == null
      ? undefined
      : vscode.l10n.t('Last validation loss {0} {1}', validationLoss.toFixed(3), units.loss),
    kept === null
      ? undefined
      : vscode.l10n.t('Kept model: step {0}, validation loss {1} {2}', kept.step, kept.loss.toFixed(3), units.loss),
    ...Object.entries(scores).map(([score, value]) =>
      vscode.l10n.t('Validation {0} {1}', scoreLabel(score), value.toFixed(3)),
    ),
    finding && `${say(verdictLabels[finding.verdict])}: ${say(finding.sentence)}`,
    about ?? undefined,
    ...facts.map(say),
    parameters === 0 ? undefined : vscode.l10n.t('{0} parameters', parameters),
    backend ? vscode.l10n.t('Backend {0} on {1}', backend.name, say(backend.device)) : undefined,
    vscode.l10n.t('Started {0}', new Date(run.createdAt).toLocaleString()),
    run.folder,
    message ?? undefined,
  ];
  for (const line of lines) {
    if (line !== undefined) markdown.appendMarkdown('- ').appendText(line).appendMarkdown('\n');
  }
  return markdown;
}

/** Maximum length of a note in a tooltip. */
const LONGEST_NOTE = 300;

function beginningOf(note: string): string {
  const line = note.replaceAll(/\s+/g, ' ').trim();
  return line.length > LONGEST_NOTE ? `${line.slice(0, LONGEST_NOTE - 1)}…` : line;
}

function describeTrainingLoss(loss: number, { view: { units, applies } }: RunModel): string {
  const steps = averagedSteps(applies);
  return steps === 1
    ? vscode.l10n.t('Training loss {0} {1}', loss.toFixed(3), units.loss)
    : vscode.l10n.t('Training loss {0} {1}, mean of the last {2} steps', loss.toFixed(3), units.loss, steps);
}
