import * as vscode from 'vscode';
import { visibleToken } from '../../protocol/visibleToken.ts';
import type { Firings } from '../../protocol/inspection.ts';
import { describeUnit } from '../decorations/coloring.ts';
import { sourceOf } from '../inspection/followedEditor.ts';
import { sourceOffsets, windowOf } from '../inspection/textWindow.ts';
import type { Services } from '../services.ts';
import { chooseReader } from './chooseRun.ts';
import { chooseUnit } from './chooseUnit.ts';
import type { Commands } from './command.ts';
import { plainLabel } from '../plainLabel.ts';

/** Maximum number of contexts in the list, and their minimum distance in tokens: neighboring contexts are redundant. */
const LIMIT = 50;
const MIN_DISTANCE = 20;
/** Characters of context before and after a position. */
const CONTEXT = 30;

interface Place extends vscode.QuickPickItem {
  readonly range: vscode.Range;
}

/** "Find where this unit fires". */
export function firingCommands(services: Services): Commands {
  return {
    findWhereUnitFires: async (argument, choice) => {
      const { editor } = services.inspection.followed;
      if (!editor) throw new Error(vscode.l10n.t('Open a text in an editor first.'));
      const { document } = editor;
      // The unit that colors the text at the moment is the one that the user means.
      const { coloring } = services.colors;
      const colored = argument === undefined && choice === undefined && coloring?.unit ? coloring : undefined;
      const run = colored?.run ?? (await chooseReader(services, argument, document));
      const unit = run && (await chooseUnit(services, run, colored?.unit ?? choice));
      if (!unit) return;
      const source = sourceOf(document);
      const window = windowOf(source, 0, source.length);
      const title = vscode.l10n.t('Searching {0} characters for where {1} fires', source.length, describeUnit(unit));
      const { contexts } = await vscode.window.withProgress(
        { location: vscode.ProgressLocation.Window, title },
        async () =>
          services.inspection.inspectors.ask(run, (inspector) =>
            inspector.firings({ text: window.text, ...unit, limit: LIMIT, apart: MIN_DISTANCE }),
          ),
      );
      if (contexts.length === 0) throw new Error(vscode.l10n.t('The unit does not fire in this text.'));
      const inOrder = contexts.toSorted((a, b) => a.offset - b.offset);
      const offsets = sourceOffsets(
        window,
        inOrder.map(({ offset }) => offset),
      );
      const placeOf = new Map(inOrder.map(({ offset }, i) => [offset, offsets[i] ?? 0]));
      const places = contexts.map((context) => placeItem(document, context, placeOf.get(context.offset) ?? 0));
      await pickPlace(editor, vscode.l10n.t('Where {0} fires, strongest first', describeUnit(unit)), places);
    },
  };
}

/** Characters around a position, with the token marked. */
function placeItem(document: vscode.TextDocument, { token, value }: Firings['contexts'][number], start: number): Place {
  const end = start + token.length;
  const range = new vscode.Range(document.positionAt(start), document.positionAt(end));
  const text = (from: number, to: number) =>
    visibleToken(
      document.getText(new vscode.Range(document.positionAt(Math.max(0, from)), document.positionAt(to))),
    ).replaceAll('␣', ' ');
  return {
    label: plainLabel(`${text(start - CONTEXT, start)}»${visibleToken(token)}«${text(end, end + CONTEXT)}`),
    description: `${value.toFixed(3)} · ${vscode.l10n.t('line {0}', range.start.line + 1)}`,
    range,
  };
}

/** Shows a list that reveals the focused position in the editor. Dismissing it restores the cursor. */
async function pickPlace(editor: vscode.TextEditor, title: string, places: readonly Place[]): Promise<void> {
  const { document, selection, viewColumn } = editor;
  const show = async (range: vscode.Range, preserveFocus: boolean) => {
    const shown = await vscode.window.showTextDocument(document, {
      ...(viewColumn && { viewColumn }),
      preserveFocus,
      selection: range,
    });
    shown.revealRange(range, vscode.TextEditorRevealType.InCenterIfOutsideViewport);
  };
  const pick = vscode.window.createQuickPick<Place>();
  pick.title = title;
  pick.placeholder = vscode.l10n.t('Press Enter to go to the position');
  pick.matchOnDescription = true;
  pick.items = places;
  try {
    await new Promise<void>((resolve, reject) => {
      let accepted = false;
      pick.onDidChangeActive(([place]) => {
        if (place) show(place.range, true).catch(reject);
      });
      pick.onDidAccept(() => {
        accepted = true;
        pick.hide();
      });
      pick.onDidHide(() => {
        const [place] = pick.activeItems;
        show(accepted && place ? place.range : selection, false).then(resolve, reject);
      });
      pick.show();
    });
  } finally {
    pick.dispose();
  }
}
