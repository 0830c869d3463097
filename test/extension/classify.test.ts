import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { Lab } from '../../src/host/lab.ts';
import { closeEditors, openLab, runPressingEnter, until, useSmallSettings, writeText } from './support.ts';

type Classification = { label: string; probability: number }[];

const text =
  'A wonderful film, warm and clever.\nIt never loses its way.\n\nThe food was cold and the waiter was rude. I will not come back!\n\n\nLast line.\n';

describe('classify sentiment', function () {
  this.timeout(120_000);
  let lab: Lab;

  before(async () => {
    lab = await openLab();
    await closeEditors();
  });

  async function open(content = text): Promise<vscode.TextEditor> {
    return vscode.window.showTextDocument(await vscode.workspace.openTextDocument({ content }));
  }

  const classify = async (): Promise<Classification> =>
    vscode.commands.executeCommand<Classification>('sequenceLab.classifySentiment');
  const answers = ({ document }: vscode.TextEditor) => lab.sentiment.answersOf(document.uri);
  const select = (editor: vscode.TextEditor, ...parts: string[]) => {
    editor.selections = parts.map((part) => {
      const start = editor.document.getText().indexOf(part);
      return new vscode.Selection(editor.document.positionAt(start), editor.document.positionAt(start + part.length));
    });
  };

  it('classifies each selection in an untitled document', async () => {
    const editor = await open();
    select(editor, 'A wonderful film', 'the waiter was rude');
    assert.deepEqual(
      (await classify()).map(({ label }) => label),
      ['positive', 'negative'],
    );
    assert.deepEqual(
      answers(editor).map(({ start, end }) => text.slice(start, end)),
      ['A wonderful film', 'the waiter was rude'],
    );
  });

  it('shows every answer before the first explanation', async () => {
    const editor = await open();
    select(editor, 'A wonderful film', 'the waiter was rude');
    const seen: string[] = [];
    const listening = lab.sentiment.onDidChange(() => {
      const states = answers(editor).map(({ classification: known }) =>
        known ? (known.explanation ? 'explained' : 'answered') : 'pending',
      );
      seen.push(states.join(', '));
    });
    await classify();
    listening.dispose();
    assert.deepEqual(seen, [
      'pending, pending',
      'answered, pending',
      'answered, answered',
      'explained, answered',
      'explained, explained',
    ]);
  });

  it('classifies the paragraph at the cursor without a selection', async () => {
    const editor = await open();
    editor.selection = new vscode.Selection(1, 3, 1, 3);
    assert.deepEqual(
      (await classify()).map(({ label }) => label),
      ['positive'],
    );
    const [answer] = answers(editor);
    assert.ok(answer);
    assert.equal(text.slice(answer.start, answer.end), 'A wonderful film, warm and clever.\nIt never loses its way.');
  });

  it('classifies a long selection by sentence and as a whole', async () => {
    const long = `${'The food was cold and the waiter was rude. '.repeat(6)}But the view over the harbour was lovely, and we loved it.`;
    const editor = await open(long);
    editor.selection = new vscode.Selection(0, 0, 0, long.length);
    assert.equal((await classify()).length, 1);
    const [answer] = answers(editor);
    const sentences = answer?.classification?.answer.sentences ?? [];
    assert.equal(sentences.length, 7);
    assert.deepEqual(
      [sentences[0]?.label, sentences[6]?.label, answer?.classification?.answer.label],
      ['negative', 'positive', 'negative'],
    );
  });

  it('drops the answer whose text changes, moves the others, and clears all of them', async () => {
    const editor = await open();
    select(editor, 'A wonderful film', 'the waiter was rude');
    await classify();
    await editor.edit((edit) => edit.replace(new vscode.Range(0, 2, 0, 11), 'dreadful'));
    await until('the changed one is gone', () => answers(editor).length === 1);
    const [left] = answers(editor);
    assert.ok(left);
    assert.equal(editor.document.getText().slice(left.start, left.end), 'the waiter was rude');
    await vscode.commands.executeCommand('sequenceLab.clearClassification');
    assert.equal(answers(editor).length, 0);
  });

  it('explains the answer in a hover', async () => {
    const editor = await open();
    select(editor, 'The food was cold and the waiter was rude.');
    await classify();
    const at = editor.document.positionAt(text.indexOf('rude') + 1);
    const hovers = await vscode.commands.executeCommand<vscode.Hover[]>(
      'vscode.executeHoverProvider',
      editor.document.uri,
      at,
    );
    const hoverText = hovers
      .flatMap(({ contents }) => contents.map((content) => (typeof content === 'string' ? content : content.value)))
      .join('\n');
    assert.match(hoverText, /negative (\d\d|>99) %/);
    assert.doesNotMatch(hoverText, /command:sequenceLab\.showGatesOnSelection/, 'the bundled model is not a run');
  });

  it('reports a missing model if the run in use was deleted', async () => {
    const settings = vscode.workspace.getConfiguration('sequenceLab');
    await settings.update('sentiment.model', 'no-such-run', vscode.ConfigurationTarget.Global);
    try {
      const editor = await open();
      select(editor, 'A wonderful film');
      assert.equal(await classify(), undefined);
      assert.equal(answers(editor).length, 0);
    } finally {
      await settings.update('sentiment.model', undefined, vscode.ConfigurationTarget.Global);
    }
  });

  it('classifies the column of a table, and keeps quoted cells whole', async () => {
    const path = await writeText('reviews.csv', 'id,text\n1,"wonderful, really wonderful"\n2,an awful bore\n');
    await vscode.window.showTextDocument(vscode.Uri.file(path));
    const over = vscode.commands.executeCommand('sequenceLab.classifyColumn');
    await until('the new document is there', async () => {
      await vscode.commands.executeCommand('workbench.action.acceptSelectedQuickOpenItem');
      return vscode.window.activeTextEditor?.document.isUntitled === true;
    });
    assert.equal(await over, 2);
    const written = vscode.window.activeTextEditor?.document.getText() ?? '';
    assert.match(
      written,
      /^id,text,predicted label,probability,unsure\n1,"wonderful, really wonderful",positive,[01]\.\d{4},false\n2,an awful bore,negative,[01]\.\d{4},false\n$/,
    );
  });
});

describe('custom classifier', function () {
  this.timeout(180_000);
  let lab: Lab;
  let restore: () => Promise<void>;

  before(async () => {
    lab = await openLab();
    restore = await useSmallSettings();
    await closeEditors();
  });

  after(async () => {
    await vscode.workspace
      .getConfiguration('sequenceLab')
      .update('sentiment.model', undefined, vscode.ConfigurationTarget.Global);
    await restore();
  });

  it('is trained on an open table, shows its results, and replaces the bundled model', async () => {
    const rows = Array.from(
      { length: 200 },
      (_, i) =>
        `${i % 2 === 0 ? `ship number ${i} sails east` : `train number ${i} rolls west`}\t${i % 2 === 0 ? 'sea' : 'land'}`,
    );
    const path = await writeText('travel.tsv', `text\tlabel\n${rows.join('\n')}\n`);
    await vscode.window.showTextDocument(vscode.Uri.file(path));
    const id = String(await runPressingEnter('sequenceLab.trainClassifierOnDataSet'));
    const run = lab.runs.run(id);
    assert.ok(run, 'the command has started no run');
    assert.deepEqual(run.config.task, {
      ...run.config.task,
      name: 'classification',
      textColumn: '1',
      labelColumn: '2',
    });
    await until('the run has ended', () => !lab.runs.liveRun(id));
    assert.equal(run.state, 'completed', run.view.message ?? '');
    assert.ok((run.progress.scores['accuracy'] ?? 0) > 0.9, JSON.stringify(run.progress.scores));
    assert.ok(
      run.report?.blocks.some(({ kind }) => kind === 'confusion'),
      'a confusion matrix is shown',
    );

    await vscode.commands.executeCommand('sequenceLab.useForClassifySentiment', run.id);
    const editor = await vscode.window.showTextDocument(
      await vscode.workspace.openTextDocument({ content: 'ship number 7 sails east' }),
    );
    const answers = await vscode.commands.executeCommand<Classification>('sequenceLab.classifySentiment');
    assert.deepEqual(
      answers.map(({ label }) => label),
      ['sea'],
    );
    const hovers = await vscode.commands.executeCommand<vscode.Hover[]>(
      'vscode.executeHoverProvider',
      editor.document.uri,
      new vscode.Position(0, 2),
    );
    const hoverText = hovers
      .flatMap(({ contents }) => contents.map((content) => (typeof content === 'string' ? content : content.value)))
      .join('\n');
    assert.match(hoverText, /travel\.tsv/);
    assert.doesNotMatch(
      hoverText,
      /command:sequenceLab\.showGatesOnSelection/,
      'a bidirectional model has no probabilities after each word',
    );
  });
});
