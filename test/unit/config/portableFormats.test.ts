import assert from 'node:assert/strict';
import fc from 'fast-check';
import { modelsAmong } from '../../../src/config/portableFormats.ts';

describe('the models among files', () => {
  const cases: readonly (readonly [names: string[], models: string[]])[] = [
    [['model.safetensors', 'config.json', 'tokenizer.json'], ['model.safetensors']],
    [
      ['a.pt', 'B.PTH', 'vocab.json', 'notes.txt'],
      ['a.pt', 'B.PTH'],
    ],
    [['model.json', 'group1-shard1of2.bin', 'group1-shard2of2.bin', 'vocabulary.json'], ['model.json']],
    [['pytorch_model.bin', 'config.json', 'vocab.txt'], ['pytorch_model.bin']],
    [['model.keras', 'model.json', 'weights.bin'], ['model.keras']],
    [['vocabulary.json', 'tokenizer.json'], []],
    [['README.md', 'safetensors', 'model.pt.txt'], []],
  ];
  for (const [names, models] of cases)
    it(`${names.join(', ')}: ${models.join(', ') || 'none'}`, () => assert.deepEqual(modelsAmong(names), models));

  it('are files among them, and the same in any order', () => {
    const name = fc.constantFrom('a.pt', 'b.onnx', 'c.h5', 'model.json', 'vocab.json', 'w.bin', 'x.txt', 'folder');
    fc.assert(
      fc.property(fc.uniqueArray(name), fc.nat(), (names, seed) => {
        const found = modelsAmong(names);
        assert.ok(found.every((each) => names.some((name) => name === each)));
        const turned = [...names.slice(seed % (names.length + 1)), ...names.slice(0, seed % (names.length + 1))];
        assert.deepEqual(modelsAmong(turned).sort(), [...found].sort());
      }),
    );
  });
});
