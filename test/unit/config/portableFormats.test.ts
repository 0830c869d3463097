import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../../../scripts/lib/paths.ts';
import { MODEL_EXTENSIONS } from '../../../src/config/portableFormats.ts';
import { importFormatOf } from '../../../src/interop/importFormats.ts';
import { errorWith } from '../../harness/facts.ts';

describe('extensions of models', () => {
  it('are those that a format reads, by their names alone', () => {
    const bytes = new TextEncoder().encode('{}');
    for (const extension of MODEL_EXTENSIONS)
      for (const name of [`model.${extension}`, `a.b.${extension.toUpperCase()}`])
        assert.ok(importFormatOf({ name, bytes }), name);
  });

  it('are named where a file has another one', () => {
    for (const name of ['model.xyz', 'onnx', 'model', ''])
      assert.throws(
        () => importFormatOf({ name, bytes: new Uint8Array(4) }),
        errorWith({ name: 'UnusableError' }, ...MODEL_EXTENSIONS.map((extension) => `.${extension}`)),
      );
  });

  it('are in the menu of the explorer, except that of all files of JSON', () => {
    const manifest = readFileSync(join(root, 'package.json'), 'utf8');
    const listed = MODEL_EXTENSIONS.filter((extension) => extension !== 'json').join('|');
    assert.ok(manifest.includes(`(${listed})`), listed);
  });
});
