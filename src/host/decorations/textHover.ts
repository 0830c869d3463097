import * as vscode from 'vscode';
import { activationNames } from '../../protocol/activationNames.ts';
import type { Inspection } from '../../protocol/inspection.ts';
import { visibleToken } from '../../protocol/visibleToken.ts';
import { sourceOf, type FollowedEditor } from '../inspection/followedEditor.ts';
import type { Inspectors } from '../inspection/inspectors.ts';
import { isSuperseded } from '../../protocol/inspector.ts';
import { windowOf } from '../inspection/textWindow.ts';
import type { Coloring } from './coloring.ts';

/** Number of most likely tokens in a hover. */
const TOP = 5;

export interface TextHoverOptions {
  readonly followed: FollowedEditor;
  readonly inspectors: Pick<Inspectors, 'ask'>;
  readonly coloring: () => Coloring | undefined;
  readonly onError: (error: unknown) => void;
}

/** Hover over colored text: the model's prediction for a character, and the value of the unit. */
export class TextHover implements vscode.HoverProvider {
  readonly #options: TextHoverOptions;

  constructor(options: TextHoverOptions) {
    this.#options = options;
  }

  async provideHover(
    document: vscode.TextDocument,
    position: vscode.Position,
    cancelled: vscode.CancellationToken,
  ): Promise<vscode.Hover | undefined> {
    const { followed, coloring, onError } = this.#options;
    const now = coloring();
    if (!now || document !== followed.editor?.document) return undefined;
    try {
      const content = await this.#read(document, document.offsetAt(position), now);
      return content && !cancelled.isCancellationRequested ? new vscode.Hover(content) : undefined;
    } catch (error) {
      // A hover does not justify a notification.
      if (!isSuperseded(error)) onError(error);
      return undefined;
    }
  }

  async #read(
    document: vscode.TextDocument,
    offset: number,
    { run, unit }: Coloring,
  ): Promise<vscode.MarkdownString | undefined> {
    const source = sourceOf(document);
    // Two code units, because the character may have two.
    const window = windowOf(source, offset, Math.min(offset + 2, source.length));
    if (window.text.length === window.from) return undefined;
    return this.#options.inspectors.ask(run, async (inspector) => {
      const inspection = await inspector.inspect({ reader: 'hover', text: window.text, from: window.from, top: TOP });
      const { layer, direction } = unit ?? {};
      const traceRequest =
        layer !== undefined && direction !== undefined && unit
          ? { inspection: inspection.id, layer, direction, unit: unit.unit }
          : undefined;
      const traces = traceRequest ? (await inspector.unitTraces(traceRequest)).traces : [];
      const values = traces.map(
        ({ activation, values: [first] }) => `${activationNames[activation].symbol} ${first?.toFixed(3) ?? '?'}`,
      );
      return hoverText(inspection, [
        ...(unit && values.length > 0
          ? [vscode.l10n.t('Unit {0} of {1}: {2}', unit.unit, unit.layer, values.join(', '))]
          : []),
        vscode.l10n.t('Model: {0}, step {1}', run.view.title, inspection.step),
      ]);
    });
  }
}

/** Text of the hover. Tokens are escaped, so that they are not interpreted as Markdown. */
function hoverText(
  { tokens, surprisal, top }: Inspection,
  facts: readonly string[],
): vscode.MarkdownString | undefined {
  const [token] = tokens;
  if (token === undefined) return undefined;
  const [nats] = surprisal;
  const markdown = new vscode.MarkdownString();
  const heading =
    nats == null
      ? vscode.l10n.t('"{0}": no prediction for the first character', visibleToken(token))
      : vscode.l10n.t('"{0}": surprisal {1} nats', visibleToken(token), nats.toFixed(2));
  markdown.appendText(heading).appendMarkdown('\n\n');
  for (const { token: expected, probability } of top[0] ?? []) {
    markdown
      .appendMarkdown('- ')
      .appendText(`${visibleToken(expected)}  ${(100 * probability).toFixed(1)} %`)
      .appendMarkdown('\n');
  }
  for (const fact of facts) markdown.appendMarkdown('\n\n').appendText(fact);
  return markdown;
}
