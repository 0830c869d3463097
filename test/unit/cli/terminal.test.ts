import assert from 'node:assert/strict';
import { PassThrough } from 'node:stream';
import { barSize } from '../../../src/cli/reporters.ts';
import { isInteractive, showControls } from '../../../src/cli/terminal.ts';

describe('output on a terminal', () => {
  it('shows control characters in text, and writes bytes as they are', () => {
    const output = new PassThrough();
    showControls(output as unknown as NodeJS.WriteStream);
    output.write('a\u001b[2Jb\u202ec\n');
    output.write(Buffer.from([0x1b, 0x0a]));
    assert.equal(String(output.read()), `a${String.raw`\u001b`}[2Jb${String.raw`\u202e`}c\n\u001b\n`);
  });

  it('leaves the numbers of a run visible before the bar, on a narrow terminal too', () => {
    assert.deepEqual([20, 80, 100, 300].map(barSize), [0, 4, 24, 40]);
  });

  it('moves the cursor only on a terminal that can', () => {
    assert.ok(isInteractive({ isTTY: true }, { TERM: 'xterm' }));
    assert.ok(!isInteractive({ isTTY: true }, { TERM: 'dumb' }));
    assert.ok(!isInteractive({}, { TERM: 'xterm' }));
  });
});
