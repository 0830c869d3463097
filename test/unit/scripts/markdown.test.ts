import assert from 'node:assert/strict';
import fc from 'fast-check';
import { markdownTable, withGenerated } from '../../../scripts/lib/markdown.ts';

describe('generated parts of documents', () => {
  const markers = { start: '<!-- start -->', end: '<!-- end -->' };
  const text = fc.string().filter((each) => !each.includes('<!--'));

  it('replace the text between the markers, and nothing else', () => {
    fc.assert(
      fc.property(text, text, text, text, (before, present, after, content) => {
        const document = `${before}${markers.start}${present}${markers.end}${after}`;
        const updated = withGenerated(document, markers, content);
        assert.equal(updated, `${before}${markers.start}\n\n${content}\n\n${markers.end}${after}`);
        assert.equal(withGenerated(updated, markers, content), updated);
      }),
    );
  });

  it('are not written into a document without both markers', () => {
    for (const document of ['', markers.start, markers.end, `${markers.end} ${markers.start}`])
      assert.throws(() => withGenerated(document, markers, 'text'));
  });

  it('have tables whose cells may contain the character of the columns', () => {
    const lines = markdownTable(['a', 'b'], [['1|2', '3']]).split('\n');
    assert.deepEqual(lines, ['| a | b |', '| --- | --- |', String.raw`| 1\|2 | 3 |`]);
  });
});
