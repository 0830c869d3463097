import * as vscode from 'vscode';
import { MAX_COURSE_STEPS, type Course } from '../../protocol/inspection.ts';
import { Disposables } from '../disposables.ts';
import { sourceOf, type FollowedEditor } from '../inspection/followedEditor.ts';
import type { Inspectors } from '../inspection/inspectors.ts';
import { Debounced } from '../inspection/debounced.ts';
import { isUnfit } from '../inspection/passage.ts';
import { isSuperseded } from '../../protocol/inspector.ts';
import { sourceOffsets, windowOf } from '../inspection/textWindow.ts';
import type { RunManager } from '../runs/runManager.ts';
import { describeUnit, type Coloring } from './coloring.ts';
import { levelRanges, surprisalLevels, unitLevels } from './levels.ts';
import { LevelStyles } from './levelStyles.ts';
import { plainLabel } from '../plainLabel.ts';

/** Delay after the last change of the editor, in milliseconds. */
const SETTLE_MS = 150;
/**
 * Delay after typing, in milliseconds, longer than a pause between two words: drawing colors would slow down typing.
 */
const TYPED_MS = 700;
/** Minimum interval between updates while a run trains, in milliseconds. */
const RECOLOR_MS = 2000;

export interface TextColorsOptions {
  readonly runs: RunManager;
  readonly followed: FollowedEditor;
  readonly inspectors: Pick<Inspectors, 'ask'>;
  readonly onError: (error: unknown) => void;
}

/** Decorations for one version of a document. */
interface Drawing {
  readonly editor: vscode.TextEditor;
  readonly version: number;
  readonly ranges: ReadonlyMap<number, vscode.Range[]>;
}

/**
 * Colors the visible text of the editor by a unit or by surprisal. A change of the document removes the colors at once,
 * which is cheaper than moving them; they return when the model has read the new text.
 */
export class TextColors extends Disposables {
  readonly #options: TextColorsOptions;
  readonly #styles = this.register(new LevelStyles());
  readonly #item = this.register(
    vscode.window.createStatusBarItem('sequenceLab.coloring', vscode.StatusBarAlignment.Right),
  );
  readonly #reader: Debounced<Drawing | undefined>;
  #coloring: Coloring | undefined;
  #colored: vscode.TextEditor | undefined;
  /** The editor of the last request. */
  #followed: vscode.TextEditor | undefined;
  #typedAt = -Infinity;
  #step = -1;
  #drawnAt = -Infinity;

  constructor(options: TextColorsOptions) {
    super();
    this.#options = options;
    this.#reader = this.register(
      new Debounced({
        delay: SETTLE_MS,
        work: async () => this.#read(),
        done: (drawing) => this.#draw(drawing),
        failed: (error) => this.#fail(error),
      }),
    );
    this.#item.name = vscode.l10n.t('Sequence Lab: text colors');
    this.#item.command = 'sequenceLab.stopColoring';
    this.register(options.followed.onDidMove(() => this.#moved()));
    this.register(vscode.window.onDidChangeTextEditorVisibleRanges(({ textEditor }) => this.#scrolled(textEditor)));
    this.register(vscode.workspace.onDidChangeTextDocument(({ document }) => this.#changed(document)));
    this.register(options.runs.onDidChangeRun((run) => run === this.#coloring?.run && this.#trained()));
  }

  /** Current coloring; undefined if off. */
  get coloring(): Coloring | undefined {
    return this.#coloring;
  }

  /** The editor that shows colors; undefined while its text is being read. */
  get editor(): vscode.TextEditor | undefined {
    return this.#colored;
  }

  start(coloring: Coloring): void {
    this.#coloring = coloring;
    this.#followed = this.#options.followed.editor;
    const { run, unit } = coloring;
    const what = unit ? describeUnit(unit) : vscode.l10n.t('surprisal');
    this.#item.text = `$(symbol-color) ${what} \u00b7 ${plainLabel(run.view.label)}`;
    this.#item.tooltip = vscode.l10n.t(
      'Text is colored by {0}, computed by the model of "{1}". Click to stop coloring.',
      what,
      run.view.title,
    );
    this.#item.show();
    void vscode.commands.executeCommand('setContext', 'sequenceLab.coloring', true);
    this.#reader.request();
  }

  stop(): void {
    this.#coloring = undefined;
    this.#reader.cancel();
    this.#clear();
    this.#item.hide();
    void vscode.commands.executeCommand('setContext', 'sequenceLab.coloring', false);
  }

  /** Requests an update if the editor has changed; a move of the cursor needs none. */
  #moved(): void {
    const { editor } = this.#options.followed;
    if (!this.#coloring || editor === this.#followed) return;
    this.#followed = editor;
    this.#clear();
    this.#reader.request();
  }

  #scrolled(editor: vscode.TextEditor): void {
    if (!this.#coloring || editor !== this.#options.followed.editor) return;
    this.#reader.request(Math.max(SETTLE_MS, this.#typedAt + TYPED_MS - performance.now()));
  }

  #changed(document: vscode.TextDocument): void {
    if (!this.#coloring || document !== this.#options.followed.editor?.document) return;
    this.#clear();
    this.#typedAt = performance.now();
    this.#reader.request(TYPED_MS);
  }

  #trained(): void {
    const { run } = this.#coloring ?? {};
    if (run?.step === this.#step || performance.now() - this.#drawnAt < RECOLOR_MS) return;
    this.#step = run?.step ?? -1;
    // No further update until this one is drawn.
    this.#drawnAt = Infinity;
    this.#reader.request();
  }

  #clear(): void {
    if (this.#colored) this.#styles.apply(this.#colored, new Map());
    this.#colored = undefined;
  }

  async #read(): Promise<Drawing | undefined> {
    const { editor } = this.#options.followed;
    const coloring = this.#coloring;
    if (!editor || !coloring) return undefined;
    const { document, visibleRanges } = editor;
    const { version } = document;
    const [first, last] = [visibleRanges[0], visibleRanges.at(-1)];
    if (!first || !last) return undefined;
    const start = document.offsetAt(document.lineAt(first.start.line).range.start);
    const end = Math.min(
      document.offsetAt(document.lineAt(last.end.line).rangeIncludingLineBreak.end),
      start + MAX_COURSE_STEPS,
    );
    if (start === end) return undefined;
    const window = windowOf(sourceOf(document), start, end);
    const request = { reader: 'editor', text: window.text, from: window.from, unit: coloring.unit };
    const course = await this.#options.inspectors.ask(coloring.run, (inspector) => inspector.course(request));
    if (isUnfit(course.unknown, course.offsets.length))
      throw new Error(
        vscode.l10n.t(
          'The model of "{0}" does not know enough of the characters in this text. Train a run on this text to color it.',
          coloring.run.view.title,
        ),
      );
    return {
      editor,
      version,
      ranges: rangesOf(document, course, coloring, sourceOffsets(window, course.offsets), end),
    };
  }

  #draw(drawing: Drawing | undefined): void {
    this.#drawnAt = performance.now();
    if (!drawing || drawing.editor.document.version !== drawing.version) return;
    this.#styles.apply(drawing.editor, drawing.ranges);
    this.#colored = drawing.editor;
  }

  #fail(error: unknown): void {
    if (isSuperseded(error)) return;
    this.stop();
    this.#options.onError(error);
  }
}

function rangesOf(
  document: vscode.TextDocument,
  course: Course,
  { unit }: Coloring,
  offsets: readonly number[],
  end: number,
): ReadonlyMap<number, vscode.Range[]> {
  const levels = unit ? unitLevels(course.values, unit.activation) : surprisalLevels(course.surprisal);
  const ranges = new Map<number, vscode.Range[]>();
  for (const { level, start, end: stop } of levelRanges(levels, offsets, end)) {
    const range = new vscode.Range(document.positionAt(start), document.positionAt(stop));
    const known = ranges.get(level);
    if (known) known.push(range);
    else ranges.set(level, [range]);
  }
  return ranges;
}
