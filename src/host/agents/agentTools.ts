import * as vscode from 'vscode';
import type { AgentContext } from '../../agents/context.ts';
import { findRun } from '../../agents/runs.ts';
import { boundTo } from '../../agents/tool.ts';
import { say } from '../../phrases/phrase.ts';
import { paragraphAt } from '../classification/paragraph.ts';
import { activeUri } from '../commands/target.ts';
import type { Services } from '../services.ts';
import {
  CHANGED,
  EDITOR_TOOLS,
  type EditorState,
  type EditorTool,
  nameInEditor,
  withEditorState,
} from './editorTools.ts';
import { hostLab, hostTrainers } from './hostLab.ts';
import { HostTrainings } from './hostTrainings.ts';
import { pathOf } from '../uris.ts';

type ToolServices = Pick<
  Services,
  'runs' | 'panels' | 'sweeps' | 'runsPages' | 'inspection' | 'trainerOptions' | 'extensionUri' | 'log'
>;

/** A call with the state of the editor, or why it cannot be made. */
interface PreparedCall {
  readonly args: unknown;
  readonly openFile?: string;
  /** Why the user was not asked: the call is refused. */
  readonly refusal?: string;
  /** What the user has confirmed, if the call has to be confirmed. */
  readonly confirmed?: string;
}

/** Calls of the language model tools in this window. */
export class AgentTools {
  readonly #services: ToolServices;
  readonly #trainings: HostTrainings;
  /**
   * Calls that the user may have confirmed: they begin with the file and the run that the question named. Equal calls
   * may wait at the same time, and one that the user has declined stays: the last one of them is called first.
   */
  readonly #prepared = new Map<string, PreparedCall[]>();

  constructor(services: ToolServices) {
    this.#services = services;
    this.#trainings = new HostTrainings(services);
  }

  /** What the user has to confirm, with the cost. Nothing for a tool that only reads, and for a call that is refused. */
  async prepare(
    name: string,
    input: unknown,
    token: vscode.CancellationToken,
  ): Promise<vscode.PreparedToolInvocation | undefined> {
    const found = toolNamed(name);
    if (found.tool.effect === 'reads') return undefined;
    const filled = withEditorState(found, input, this.#editor());
    const answer = await this.#during(token, filled, async (context) => found.tool.confirmation(filled.args, context));
    if (!answer.ok || answer.confirmation === null) {
      this.#keep(name, input, answer.ok ? filled : { ...filled, refusal: answer.message });
      return undefined;
    }
    this.#keep(name, input, { ...filled, confirmed: boundTo(answer.confirmation) });
    const { question, details } = answer.confirmation;
    const message = new vscode.MarkdownString();
    for (const detail of details) message.appendText(say(detail)).appendMarkdown('\n\n');
    return { confirmationMessages: { title: say(question), message } };
  }

  #keep(name: string, input: unknown, call: PreparedCall): void {
    const key = keyOf(name, input);
    this.#prepared.set(key, [...(this.#prepared.get(key) ?? []), call]);
  }

  /** Calls a tool. @throws Error whose message tells the model what to do next, or CancellationError */
  async invoke(name: string, input: unknown, token: vscode.CancellationToken): Promise<vscode.LanguageModelToolResult> {
    const found = toolNamed(name);
    const call: PreparedCall =
      this.#prepared.get(keyOf(name, input))?.pop() ?? withEditorState(found, input, this.#editor());
    if (call.refusal !== undefined) throw new Error(call.refusal);
    const answer = await this.#during(token, call, async (context) => {
      if (call.confirmed !== undefined) {
        const now = await found.tool.confirmation(call.args, context);
        if (now.ok && now.confirmation !== null && boundTo(now.confirmation) !== call.confirmed)
          throw new Error(CHANGED);
      }
      return found.tool.call(call.args, context);
    });
    if (!answer.ok) throw new Error(answer.message);
    return new vscode.LanguageModelToolResult([new vscode.LanguageModelTextPart(JSON.stringify(answer.content))]);
  }

  /** @throws CancellationError when the token is canceled */
  async #during<T>(
    token: vscode.CancellationToken,
    { args, openFile }: PreparedCall,
    work: (context: AgentContext) => Promise<T>,
  ): Promise<T> {
    const abort = new AbortController();
    const subscription = token.onCancellationRequested(() => abort.abort(new vscode.CancellationError()));
    if (token.isCancellationRequested) abort.abort(new vscode.CancellationError());
    try {
      abort.signal.throwIfAborted();
      const lab = await hostLab({ services: this.#services, trainings: this.#trainings, openFile });
      const trainers = hostTrainers(this.#services, await backendOf(args, lab));
      return await work({ ...lab, trainers, signal: abort.signal, onProgress: () => undefined });
    } finally {
      subscription.dispose();
    }
  }

  #editor(): EditorState {
    const { panels, inspection } = this.#services;
    const text = () => textAtCursor(inspection.followed.editor);
    return {
      path: () => {
        const uri = activeUri();
        return uri && pathOf(uri);
      },
      run: () => panels.frontRun?.id,
      text,
      texts: () => {
        const found = text();
        return found === undefined ? undefined : [found];
      },
    };
  }
}

function toolNamed(name: string): EditorTool {
  const found = EDITOR_TOOLS.find((each) => nameInEditor(each) === name);
  if (!found) throw new Error(`No tool "${name}" is implemented.`);
  return found;
}

function keyOf(name: string, input: unknown): string {
  return JSON.stringify([name, input]);
}

/** Backend of the stored run that a call names; undefined without one, which the tool reports. */
async function backendOf(args: unknown, lab: Parameters<typeof findRun>[1]): Promise<string | undefined> {
  const run = typeof args === 'object' && args !== null && 'run' in args ? args.run : undefined;
  if (typeof run !== 'string') return undefined;
  return findRun(run, lab).then(
    ({ record }) => record.backend.name,
    () => undefined,
  );
}

/** The selected text, or the paragraph at the cursor; undefined without text. */
function textAtCursor(editor: vscode.TextEditor | undefined): string | undefined {
  if (!editor) return undefined;
  const { document, selection } = editor;
  const lines = { count: document.lineCount, at: (line: number) => document.lineAt(line).text };
  const paragraph = paragraphAt(lines, selection.active.line);
  const range =
    selection.isEmpty && paragraph
      ? new vscode.Range(paragraph.first, 0, paragraph.last, lines.at(paragraph.last).length)
      : selection;
  const text = document.getText(range).replaceAll('\r\n', '\n');
  return text.trim() === '' ? undefined : text;
}
