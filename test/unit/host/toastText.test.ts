import assert from 'node:assert/strict';
import { toastText } from '../../../src/host/toastText.ts';

describe('the text of a notification', () => {
  const problem = '"/data/reviews.csv" has too few rows.';
  const remedy = 'Set data.validation to a file, or add texts.';
  const detail = `Row 7, column "text", is empty. ${'Row 8 has 3 of 2 cells, e.g. an unquoted comma. '.repeat(8).trim()}`;

  it('is the message itself if it can be read at once', () => {
    const message = `${problem} ${remedy}`;
    assert.deepEqual(toastText(message), { text: message, isCut: false, needsButton: true });
    assert.deepEqual(toastText('No run.'), { text: 'No run.', isCut: false, needsButton: false });
  });

  it('of a long message says what happened and what to do', () => {
    assert.deepEqual(toastText(`${problem} ${detail} ${remedy}`), {
      text: `${problem} ${remedy}`,
      isCut: true,
      needsButton: true,
    });
  });

  it('keeps a long message of two sentences, of which none can be left out', () => {
    const message = `${problem} ${'a'.repeat(300)}`;
    assert.equal(toastText(message).text, message);
  });
});
