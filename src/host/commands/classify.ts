import * as vscode from 'vscode';
import { formatAnswer } from '../classification/formatAnswer.ts';
import { paragraphAt } from '../classification/paragraph.ts';
import { rangeIn } from '../classification/sentiment.ts';
import { overlap, type TextRange, trimmed } from '../classification/textRange.ts';
import type { Services } from '../services.ts';
import type { Commands } from './command.ts';
import { targetEditor } from './target.ts';

/** "Classify sentiment" for the selection. */
export function classifyCommands({ sentiment, runs, panels, reach, log }: Services): Commands {
  return {
    classifySentiment: async () => {
      const editor = targetEditor();
      if (!editor) throw new Error(vscode.l10n.t('Open a text and select the part to classify.'));
      const { document } = editor;
      const ranges = rangesToClassify(editor);
      if (ranges.length === 0)
        throw new Error(vscode.l10n.t('Select text to classify, or place the cursor in a paragraph.'));
      const classifications = await sentiment.classify(document, ranges);
      if (classifications.length > 0) reach('sentenceClassified');
      for (const { answer, explanation, model } of classifications)
        log.info(
          `${formatAnswer(answer)} (${model.name}): ${JSON.stringify(explanation?.words.map(({ text }) => text).join(' '))}`,
        );
      return classifications.map(({ answer: { label, probability } }) => ({ label, probability }));
    },
    showGatesOnSelection: async (id, uri, start, end) => {
      const run = typeof id === 'string' ? runs.run(id) : undefined;
      if (!run || typeof uri !== 'string' || typeof start !== 'number' || typeof end !== 'number')
        throw new Error(vscode.l10n.t('The run that classified this text no longer exists.'));
      const document = await vscode.workspace.openTextDocument(vscode.Uri.parse(uri));
      await vscode.window.showTextDocument(document, { selection: rangeIn(document, { start, end }) });
      panels.show(run, 'gates');
    },
    clearClassification: async () => {
      const editor = targetEditor();
      if (editor) sentiment.clear(editor.document.uri);
    },
  };
}

/**
 * Ranges to classify: every selection without surrounding white space, or the paragraphs of the cursors if nothing is
 * selected.
 */
function rangesToClassify({ document, selections }: vscode.TextEditor): TextRange[] {
  const selected = selections.filter(({ isEmpty }) => !isEmpty);
  const ranges = selected.length > 0 ? selected : selections.flatMap(({ active }) => paragraph(document, active.line));
  const parts = ranges.flatMap((range) => {
    const text = document.getText(range);
    return trimmed({ start: document.offsetAt(range.start), end: document.offsetAt(range.end) }, text) ?? [];
  });
  return parts.filter((part, index) => !parts.slice(0, index).some((other) => overlap(part, other)));
}

function paragraph(document: vscode.TextDocument, line: number): vscode.Range[] {
  const found = paragraphAt({ count: document.lineCount, at: (index) => document.lineAt(index).text }, line);
  return found ? [document.lineAt(found.first).range.union(document.lineAt(found.last).range)] : [];
}
