import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { configField } from '../../../src/config/fields.ts';
import { parseRunConfig, setField } from '../../../src/config/parse.ts';
import { LESSON_IDS, lessons } from '../../../src/protocol/lessons/lessons.ts';

const samples = new URL('../../../media/samples/', import.meta.url);

describe('table of lessons', () => {
  it('has the lessons of a topic next to each other, so that the contents number them in order', () => {
    const topics = LESSON_IDS.map((id) => lessons[id].topic());
    const changes = topics.filter((topic, i) => topic !== topics[i - 1]);
    assert.equal(changes.length, new Set(topics).size, changes.join());
  });

  it('has a title, a claim and a slide for every lesson, each title once', () => {
    for (const id of LESSON_IDS)
      for (const text of ['title', 'claim', 'slide'] as const)
        assert.notEqual(lessons[id][text](), '', `${id} ${text}`);
    assert.equal(new Set(LESSON_IDS.map((id) => lessons[id].title())).size, LESSON_IDS.length);
  });

  it('has runs with different keys and labels, whose samples and changes are valid', () => {
    for (const id of LESSON_IDS) {
      const { runs = [] } = lessons[id];
      assert.equal(new Set(runs.map(({ key }) => key)).size, runs.length, id);
      assert.equal(new Set(runs.map(({ label }) => label())).size, runs.length, id);
      for (const { key, sample, changes = {} } of runs) {
        const path = new URL(`${sample}.sequence-lab.json`, samples);
        assert.ok(existsSync(path), `${id} ${key}: ${sample}`);
        for (const field of Object.keys(changes)) assert.ok(configField(field) || field.startsWith('task.'), field);
        parseRunConfig(
          Object.entries(changes).reduce<object>(
            (config, [field, value]) => setField(config, field, value),
            JSON.parse(readFileSync(path, 'utf8')) as object,
          ),
        );
      }
    }
  });
});
