/**
 * Time of splitting texts into words: `node test/bench/words.ts [megabytes]`, 2 by default. English text is split by the
 * rules of Unicode and by those of the bundled sentiment model, which earlier versions had for all classifiers; both
 * take turns. Other scripts are split by the rules of Unicode only.
 */
import { readFile } from 'node:fs/promises';
import { tokenizeWords } from '../../src/data/words/tokenizer.ts';
import { unicodeWords } from '../../src/data/words/unicodeWords.ts';
import { median } from '../../src/judgment/quantiles.ts';

const [megabytes = '2'] = process.argv.slice(2);
const ROUNDS = 5;

const english = await readFile(new URL('../../media/samples/ferry.txt', import.meta.url), 'utf8');
const texts: Readonly<Record<string, string>> = {
  English: english,
  'English with an emoji in each line': english.replaceAll('\n', ' 👍🏽\n'),
  German: 'Über die Brücke führt der kürzeste Weg, auch für Fußgänger; größere Gefährte müssen außen herum.\n',
  Hindi: 'दिन में दान करना अच्छा माना जाता है, और रात में भी लोग मिलते हैं।\n',
  Japanese: '最高の接客でした。また行きたいと思います。とても美味しいお店でした。\n',
  Thai: 'ร้านนี้อาหารอร่อยมากและพนักงานบริการดีมากครับ\n',
};

for (const [name, text] of Object.entries(texts)) {
  const size = Number(megabytes) * 1e6;
  const lines = text.repeat(Math.max(1, Math.ceil(size / Buffer.byteLength(text)))).split('\n');
  const unicode = [];
  const bundled = [];
  for (let round = 0; round < ROUNDS; round++) {
    unicode.push(time(lines, (line) => unicodeWords(line, { lowerCase: true, stripAccents: false }).length));
    bundled.push(time(lines, (line) => tokenizeWords(line).length));
  }
  const bytes = lines.reduce((sum, line) => sum + Buffer.byteLength(line) + 1, 0);
  const [own, other] = [median(unicode), median(bundled)];
  console.log(
    `${name}: ${(bytes / 1e6 / own).toFixed(1)} MB/s, ${(own / other).toFixed(2)} times the time of the rules of the bundled model`,
  );
}

/** Seconds that splitting all lines takes. */
function time(lines: readonly string[], count: (line: string) => number): number {
  const start = performance.now();
  const words = lines.reduce((sum, line) => sum + count(line), 0);
  if (words === 0) throw new Error('There are no words.');
  return (performance.now() - start) / 1000;
}
