import assert from 'node:assert/strict';
import fc from 'fast-check';
import { HEAD_BYTES } from '../../../src/config/textHead.ts';
import { canEncode, encode } from '../../fixtures/texts/encode.ts';
import { languages } from '../../fixtures/texts/sentences.ts';
import { assertNames } from '../../harness/facts.ts';
import { seeds } from '../../harness/seeds.ts';
import { inputError, readBytes } from './helpers.ts';

/** Sentences in which each character has a place in an encoding: ISO encodings lack the typographic apostrophe. */
function sentencesFor(sentences: readonly string[], encoding: string): readonly string[] {
  return sentences.map((each) => each.replaceAll('’', canEncode('’', encoding) ? '’' : "'"));
}

/** Names of one encoding, or of a superset of it, for the same text. */
const SAME: Readonly<Record<string, readonly string[]>> = { gb18030: ['gbk'], 'windows-1253': ['iso-8859-7'] };

describe('encodings of files', () => {
  for (const { language, encodings, sentences } of languages) {
    for (const encoding of encodings) {
      const text = sentencesFor(sentences, encoding).join('\n');

      it(`finds ${encoding} by a text in ${language}`, async () => {
        const whole = await readBytes(encode(text, encoding), 1000);
        assert.equal(whole.text, text);
        assert.ok([encoding, ...(SAME[encoding] ?? [])].includes(whole.report.encoding), whole.report.encoding);
        assert.deepEqual([whole.report.replaced, whole.report.notes.length], [0, 1]);
        assertNames(whole.report.notes[0], 'bytes.txt', whole.report.encoding, 'data.encoding');
        for (const size of [1, 2, 3, 7]) assert.deepEqual(await readBytes(encode(text, encoding), size), whole);
      });

      it(`reads ${language} in ${encoding} where it is set, without a note`, async () => {
        const { text: read, report } = await readBytes(encode(text, encoding), 5, 5, encoding);
        assert.deepEqual([read, report.encoding, report.notes], [text, encoding, []]);
      });
    }

    it(`finds UTF-8 and UTF-16 without a mark by a text in ${language}`, async () => {
      const text = sentences.join('\n');
      for (const encoding of ['utf-8', 'utf-16le', 'utf-16be']) {
        const { text: read, report } = await readBytes(encode(text, encoding), 1000);
        assert.deepEqual([read, report.encoding], [text, encoding]);
      }
    });
  }

  const russian = ['windows-1251', 'koi8-r', 'iso-8859-5', 'ibm866'];
  const russianTexts: Readonly<Record<string, string>> = {
    'a letter': [
      'Здравствуйте, Анна Сергеевна! Получил ваше письмо только в понедельник и сразу отвечаю.',
      'Погода у нас стоит тёплая, яблони уже отцвели, и дети целыми днями бегают у реки.',
    ].join('\n'),
    'a manual': [
      'ПОРЯДОК УСТАНОВКИ ПРОГРАММЫ',
      '1. Вставьте дискету в дисковод A: и наберите команду INSTALL.',
      '2. Укажите каталог, в который следует записать файлы, и нажмите клавишу ENTER.',
    ].join('\r\n'),
    'a table': ['фамилия;город;возраст', 'Иванов;Москва;41', 'Петрова;Воронеж;28', 'Соловьёв;Новосибирск;35'].join(
      '\n',
    ),
    'a price list with many numbers': Array.from(
      { length: 30 },
      (_, i) => `${1000 + i};Болт оцинкованный ${i} мм;${(12.5 * i).toFixed(2)};в наличии`,
    ).join('\n'),
    'a page of a textbook': [
      'Глагол обозначает действие или состояние предмета и отвечает на вопросы: что делать? что сделать?',
      'Глаголы изменяются по временам, лицам и числам, а в прошедшем времени также по родам.',
    ].join('\n'),
  };
  for (const [name, text] of Object.entries(russianTexts))
    it(`tells the encodings of Russian apart by ${name}`, async () => {
      for (const encoding of russian) {
        const read = await readBytes(encode(text, encoding), 1000);
        assert.deepEqual([read.report.encoding, read.text], [encoding, text.replaceAll('\r\n', '\n')]);
      }
    });

  it('finds IBM866 in a text with tables that are drawn', async () => {
    const text = [
      '┌──────────┬────────┐',
      '│ Название │ Цена   │',
      '├──────────┼────────┤',
      '│ Молоко   │ 48     │',
      '│ Хлеб     │ 31     │',
      '└──────────┴────────┘',
      'Цены указаны в рублях за штуку.',
    ].join('\n');
    const read = await readBytes(encode(text, 'ibm866'), 1000);
    assert.deepEqual([read.report.encoding, read.text], ['ibm866', text]);
  });

  it('decides by later bytes where a file begins with ASCII', async () => {
    const ascii = 'plain words in plain lines\n'.repeat(Math.ceil((2 * HEAD_BYTES) / 27));
    const text = `${ascii}${languages[0]!.sentences.join('\n')}\n${ascii}`;
    const whole = await readBytes(encode(text, 'windows-1252'), 1e6);
    assert.deepEqual([whole.text, whole.report.encoding], [text, 'windows-1252']);
    for (const size of [100, 999, 5000])
      assert.deepEqual(await readBytes(encode(text, 'windows-1252'), size, HEAD_BYTES), whole);
  });

  it('finds the encoding of any sentences of a language, in any order', async () => {
    const kinds = languages.flatMap((each) => each.encodings.map((encoding) => ({ ...each, encoding })));
    const sample = fc.constantFrom(...kinds).chain(({ sentences, encoding }) =>
      fc.record({
        encoding: fc.constant(encoding),
        parts: fc.array(fc.constantFrom(...sentencesFor(sentences, encoding)), { minLength: 6, maxLength: 12 }),
        size: fc.integer({ min: 1, max: 200 }),
      }),
    );
    let wrong = 0;
    let texts = 0;
    await fc.assert(
      fc.asyncProperty(sample, async ({ encoding, parts, size }) => {
        const text = parts.join('\n');
        texts++;
        if ((await readBytes(encode(text, encoding), size)).text !== text) wrong++;
      }),
      seeds(300),
    );
    // A few sentences of Polish or Czech can be taken for a neighbor.
    assert.ok(wrong <= 0.05 * texts, `${wrong} of ${texts}`);
  });

  it('refuses the name of an encoding that does not exist', async () => {
    await assert.rejects(readBytes(encode('x', 'utf-8'), 5, 5, 'latin-17'), inputError('unknown-encoding', 'latin-17'));
  });
});
