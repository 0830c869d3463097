import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { describeModel } from '../../src/config/describeModel.ts';
import { parseRunConfig } from '../../src/config/parse.ts';
import { openLab } from './support.ts';

describe('model document', () => {
  it('describes the model before training', async () => {
    await openLab();
    const description = describeModel(parseRunConfig({ model: { embedding: 20, layers: 2 } }));
    const uri = vscode.Uri.from({ scheme: 'sequence-lab-model', path: 'Model', query: description });
    const document = await vscode.workspace.openTextDocument(uri);
    assert.equal(document.getText().replaceAll('\r\n', '\n'), description);
    assert.equal(document.isDirty, false);
  });
});
