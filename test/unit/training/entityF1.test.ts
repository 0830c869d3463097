import assert from 'node:assert/strict';
import fc from 'fast-check';
import { entitiesOf, entityScores } from '../../../src/training/entityF1.ts';

const tag = fc.constantFrom('O', 'B-person', 'I-person', 'B-place', 'I-place');

describe('entities in tags', () => {
  for (const { tags, entities } of [
    { tags: ['O', 'B-x', 'I-x', 'O'], entities: ['1-3 x'] },
    { tags: ['B-x', 'B-x'], entities: ['0-1 x', '1-2 x'] },
    { tags: ['I-x', 'I-x', 'I-y'], entities: ['0-2 x', '2-3 y'] },
    { tags: ['B-x', 'I-y', 'O', 'I-y'], entities: ['0-1 x', '1-2 y', '3-4 y'] },
    { tags: [], entities: [] },
  ]) {
    it(`${tags.join(' ') || 'nothing'}: ${entities.join(', ') || 'none'}`, () => {
      assert.deepEqual(
        entitiesOf(tags).map(({ start, end, type }) => `${start}-${end} ${type}`),
        entities,
      );
    });
  }

  it('cover every marked word exactly once', () => {
    fc.assert(
      fc.property(fc.array(tag), (tags) => {
        const covered = tags.map(
          (_, at) => entitiesOf(tags).filter(({ start, end }) => start <= at && at < end).length,
        );
        assert.deepEqual(
          covered,
          tags.map((each) => (each === 'O' ? 0 : 1)),
        );
      }),
    );
  });

  it('count only if they match completely', () => {
    const right = ['B-x', 'I-x', 'O', 'B-y'];
    assert.deepEqual(entityScores([{ right, answer: right }]), { precision: 1, recall: 1, f1: 1 });
    assert.deepEqual(entityScores([{ right, answer: ['B-x', 'O', 'O', 'B-y'] }]), {
      precision: 0.5,
      recall: 0.5,
      f1: 0.5,
    });
    assert.deepEqual(entityScores([{ right, answer: ['O', 'O', 'O', 'O'] }]), { precision: 0, recall: 0, f1: 0 });
  });

  it('are recognized only if all tags are in the BIO scheme', () => {
    assert.ok(marksEntities(['B-x', 'I-x', 'O']));
    assert.ok(!marksEntities(['NOUN', 'O']));
  });
});
