import assert from 'node:assert/strict';
import { withEarlierFields } from '../../../src/config/earlierConfig.ts';
import { parseRunConfig } from '../../../src/config/parse.ts';

describe('configurations of earlier versions', () => {
  it('read words and split texts as their version did', () => {
    const { task, data } = parseRunConfig(withEarlierFields({ task: { name: 'classification' }, data: {} }));
    assert.ok(task.name === 'classification');
    assert.deepEqual([task.wordRules, data.split], ['english', 'random']);
  });

  it('of this version stay as they are, for every task', () => {
    for (const name of ['classification', 'language-model', 'tagging'] as const) {
      const config = parseRunConfig({ task: { name } });
      assert.deepEqual(withEarlierFields(config), config);
    }
  });

  it('that are damaged are left to the schema', () => {
    for (const damaged of [null, 3, { task: [] }, { data: null }])
      assert.deepEqual(withEarlierFields(damaged), damaged);
  });
});
