import assert from 'node:assert/strict';
import { mock } from 'node:test';
import * as vscode from 'vscode';
import type { Lab } from '../../src/host/lab.ts';
import type { RunModel } from '../../src/host/runs/runModel.ts';
import type { UnitChoice } from '../../src/protocol/openText.ts';
import {
  closeEditors,
  fixtureText,
  openLab,
  runPressingEnter,
  runPressingEscape,
  training,
  until,
  untilState,
  writeText,
} from './support.ts';

const UNIT: UnitChoice = { layer: 'lstm_1', direction: 'forward', activation: 'cellState', unit: 3 };

describe('open text', function () {
  this.timeout(120_000);
  let lab: Lab;
  let run: RunModel;
  let unit = UNIT;

  before(async () => {
    lab = await openLab();
    const started = lab.runs.start(await training('read.txt', { steps: 60 }));
    await started.ready;
    run = started.run;
    await untilState(run, 'completed');
    const { layers } = await inspect(run);
    unit = { ...UNIT, layer: layers[0]?.layer ?? '' };
  });

  afterEach(async () => vscode.commands.executeCommand('sequenceLab.stopColoring'));

  const inspect = async (of: RunModel) =>
    lab.inspection.inspectors.ask(of, (inspector) =>
      inspector.inspect({ reader: 'test', text: 'the cat sat', from: 4, top: 3 }),
    );

  async function show(text: string): Promise<vscode.TextEditor> {
    const path = await writeText('shown.txt', text);
    return vscode.window.showTextDocument(vscode.Uri.file(path), { viewColumn: vscode.ViewColumn.One });
  }

  const hoverAt = async ({ document }: vscode.TextEditor, line: number, character: number): Promise<string> => {
    const hovers = await vscode.commands.executeCommand<vscode.Hover[]>(
      'vscode.executeHoverProvider',
      document.uri,
      new vscode.Position(line, character),
    );
    return hovers
      .flatMap(({ contents }) => contents)
      .map((content) => (typeof content === 'string' ? content : content.value))
      .join('\n');
  };

  it('is read by the model of a stored run in a separate trainer', async () => {
    const { tokens, step, top, layers } = await inspect(run);
    assert.equal(tokens.join(''), 'cat sat');
    assert.equal(step, run.step);
    assert.ok(top.every((each) => each.length === 3));
    const [layer] = layers;
    assert.ok(layer);
    assert.deepEqual(layer.activations, ['input', 'forget', 'candidate', 'output', 'cellState', 'hidden']);
  });

  it('is read row by row if it is a table', async () => {
    const table = 'label,text\n1,"the ""cat"""\n0,sat\n';
    const path = await writeText('rows.csv', table);
    const { document } = await vscode.window.showTextDocument(vscode.Uri.file(path), {
      viewColumn: vscode.ViewColumn.One,
    });
    const place = document.positionAt(table.indexOf('cat'));
    await vscode.window.showTextDocument(document, { selection: new vscode.Selection(place, place) });
    const { followed, inspectors, rows } = lab.inspection;
    await until('the cursor is in the cell', () => followed.current?.cursor === table.indexOf('cat'));
    const text = followed.current;
    assert.ok(text);
    const row = await inspectors.ask(run, async (inspector) => rows.at(text, '', inspector));
    assert.deepEqual([row.line, row.column, row.text], [2, 'text', 'the "cat"']);
    assert.deepEqual(
      [...row.places],
      [0, 1, 2, 3, 4, 6, 7, 8, 9].map((offset) => table.indexOf('the') + offset),
    );
  });

  it('is read by the model of a training run, between two steps', async () => {
    const { run: live, ready } = lab.runs.start(await training('live.txt', { steps: 100_000 }));
    await ready;
    const steps: number[] = [];
    for (let i = 0; i < 3; i++) steps.push((await inspect(live)).step);
    assert.ok(steps.every((step, i) => i === 0 || step >= (steps[i - 1] ?? 0)));
    await until('it trains on', () => live.step > (steps[2] ?? 0));
    await lab.runs.liveRun(live.id)?.stop();
    await untilState(live, 'stopped');
  });

  it('is read again after its model was closed', async () => {
    await inspect(run);
    lab.inspection.inspectors.retireAll();
    assert.equal((await inspect(run)).tokens.length, 7);
  });

  it('shows predictions and the unit on hover, only while it is colored', async () => {
    const editor = await show(fixtureText.slice(0, 2000));
    assert.equal(await hoverAt(editor, 2, 5), '');
    await vscode.commands.executeCommand('sequenceLab.colorTextByUnit', run, unit);
    const hover = await hoverAt(editor, 2, 5);
    assert.match(hover, /\d\.\d/);
    assert.match(
      hover.replaceAll('&nbsp;', ' '),
      /\b3\b.*: i 0\.\d{3}, f 0\.\d{3}, g -?0\.\d{3}, o 0\.\d{3}, c -?\d\.\d{3}, h -?0\.\d{3}/,
    );
    await vscode.commands.executeCommand('sequenceLab.stopColoring');
    assert.equal(await hoverAt(editor, 2, 5), '');
  });

  it('is colored in visible ranges; a change removes the colors until the next result', async () => {
    const editor = await show(fixtureText);
    await vscode.commands.executeCommand('sequenceLab.colorTextByUnit', run, unit);
    await until('the text is colored', () => lab.colors.editor === editor);
    await editor.edit((edit) => edit.insert(new vscode.Position(0, 0), 'the owl '));
    assert.equal(lab.colors.editor, undefined);
    await until('the changed text is colored', () => lab.colors.editor === editor);
    await vscode.commands.executeCommand('sequenceLab.stopColoring');
    assert.equal(lab.colors.editor, undefined);
  });

  it('is not colored if the model does not know its characters, and coloring ends', async () => {
    await show('吾輩は猫である。名前はまだ無い。\n'.repeat(20));
    await vscode.commands.executeCommand('sequenceLab.colorTextBySurprisal', run);
    await until('coloring has ended', () => lab.colors.coloring === undefined);
  });

  it('is read by a model that the user selects, if none was trained on it', async () => {
    const other = lab.runs.start(await training('other.txt', { steps: 20 }));
    await other.ready;
    await untilState(other.run, 'completed');
    await closeEditors();
    await show(fixtureText);
    const reader = () => lab.colors.coloring?.run.id;
    await runPressingEscape('sequenceLab.colorTextBySurprisal');
    assert.equal(reader(), undefined, 'no model is taken without an answer');
    await runPressingEnter('sequenceLab.colorTextBySurprisal');
    // The newest run comes first.
    assert.equal(reader(), other.run.id);
  });

  it('is read once after typing, not at every character', async () => {
    const editor = await show(fixtureText);
    await vscode.commands.executeCommand('sequenceLab.colorTextByUnit', run, unit);
    await until('the text is colored', () => lab.colors.editor === editor);
    const asked = mock.method(lab.inspection.inspectors, 'ask');
    for (let i = 0; i < 30; i++) await editor.edit((edit) => edit.insert(new vscode.Position(0, 0), 'a'));
    await until('the text is colored again', () => lab.colors.editor === editor);
    const { length } = asked.mock.calls;
    mock.restoreAll();
    assert.ok(length < 10, `${length} times for 30 edits`);
  });

  it('shows the positions where a unit is most active', async () => {
    const editor = await show(fixtureText);
    const { contexts } = await lab.inspection.inspectors.ask(run, (inspector) =>
      inspector.firings({ text: fixtureText, ...unit, limit: 50, apart: 20 }),
    );
    const [first] = contexts;
    assert.ok(first);
    await runPressingEnter('sequenceLab.findWhereUnitFires', run, unit);
    const { selection, document } = vscode.window.activeTextEditor ?? editor;
    assert.equal(document.offsetAt(selection.start), first.offset);
    assert.equal(document.getText(selection), first.token);
  });

  it('is compared with three architectures, whose records contain the comparison', async () => {
    const settings = vscode.workspace.getConfiguration('sequenceLab');
    const small = { 'training.steps': 30, 'model.units': 8, 'data.sequenceLength': 16, backend: 'reference' };
    for (const [name, value] of Object.entries(small))
      await settings.update(name, value, vscode.ConfigurationTarget.Global);
    const path = await writeText('compared.txt', fixtureText);
    const ids = (await runPressingEnter('sequenceLab.compareArchitecturesOnFile', vscode.Uri.file(path))) as string[];
    for (const name of Object.keys(small)) await settings.update(name, undefined, vscode.ConfigurationTarget.Global);
    const runs = ids.map((id) => lab.runs.run(id));
    assert.deepEqual(
      runs.map((each) => each?.config.model.cell),
      ['lstm', 'gru', 'rnn'],
    );
    assert.equal(new Set(runs.map((each) => each?.comparison)).size, 1);
    assert.match(String(runs[0]?.comparison), /^comparison-/);
    for (const each of runs) assert.equal(each?.state, 'completed');
  });
});
