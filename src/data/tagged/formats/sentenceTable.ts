import { phrase, type Text } from '../../../phrases/phrase.ts';
import type { RowProblem } from '../../inputError.ts';
import { readTable } from '../../table/readTable.ts';
import { COUNTED_ROWS, tagged, type TaggedFormat, type TaggedSentence } from '../taggedText.ts';

/** Common names of the columns. */
const SENTENCE = /^(?:sentence|sent|sentence[ _-]?(?:#|id|no|nr|number|index)|sent[ _-]?(?:id|no|number|index))\.?$/i;
const WORD = /^(?:words?|tokens?|form)$/i;
const TAG = /^(?:tags?|ner|ner[ _-]?tags?|entity|bio|iob2?|label|labels)$/i;
const OTHER_TAG = /^(?:pos|upos|xpos|pos[ _-]?tags?)$/i;

/**
 * A table with a word in each row and the sentence in a column, whose cell is filled in every row of a sentence or in
 * the first only.
 */
export const sentenceTable: TaggedFormat = {
  documented: {
    ...tagged,
    title: 'table with a sentence column',
    example: { 'words.csv': 'Sentence #,Word,Tag\nSentence: 1,Ada,B-PER\n,left,O\nSentence: 2,Turin,B-LOC\n' },
    detected: 'a first row with names for the sentence, the word and the tag',
    notes: 'The sentence is in every row, or in its first row only',
  },
  detects: ({ text }) => columnsOf(headerOf(text)) !== undefined,
  async read(source, { columns: selected, signal }) {
    const table = await readTable(source, { header: true, signal });
    const found = columnsOf(table.columns) ?? { sentence: 0, word: 1, tag: table.columns.length - 1 };
    const [word, tag] = selected ? [selected.word - 1, selected.tag - 1] : [found.word, found.tag];
    const sentences: TaggedSentence[] = [];
    const problems: RowProblem[] = [];
    const unreadable = new Map(table.problems.map(({ line, reason }) => [line, reason]));
    let open = newSentence('');
    const close = (): void => {
      if (open.words.length > 0 && !open.isBroken)
        sentences.push({ line: open.line, words: open.words, tags: open.tags });
    };
    const refuse = (line: number, reason: Text): void => {
      problems.push({ line, reason: phrase('{0}; its sentence is skipped', reason) });
      open.isBroken = true;
    };
    const rows = [...table.rows, ...[...unreadable.keys()].map((line) => ({ line, cells: [] as string[] }))];
    for (const { line, cells } of rows.sort((a, b) => a.line - b.line)) {
      const id = (cells[found.sentence] ?? '').trim();
      if (id !== '' && id !== open.id) {
        close();
        open = newSentence(id);
      }
      const reason = unreadable.get(line) ?? problemOf(cells[word], cells[tag]);
      if (reason !== undefined) {
        refuse(line, reason);
        continue;
      }
      if (open.words.length === 0) open.line = line;
      open.words.push((cells[word] ?? '').trim());
      open.tags.push((cells[tag] ?? '').trim());
    }
    close();
    return {
      sentences,
      problems,
      format: phrase(
        'a table with a word per row, and the sentence in the column {0}',
        table.columns[found.sentence] ?? '',
      ),
      notes: [],
      names: table.columns,
      columns: { word: word + 1, tag: tag + 1 },
      rows: table.rows.slice(0, COUNTED_ROWS),
    };
  },
};

/** Cells of the first line. Names of columns need no quotes. */
function headerOf(text: string): string[] {
  const line = text.slice(0, text.search(/\r?\n|$/));
  const delimiter = ['\t', ';', '|', ','].find((sign) => line.includes(sign)) ?? ',';
  return line.split(delimiter).map((cell) => cell.trim().replace(/^"(.*)"$/, '$1'));
}

function columnsOf(header: readonly string[]): { sentence: number; word: number; tag: number } | undefined {
  const at = (pattern: RegExp) => header.findIndex((name) => pattern.test(name.trim()));
  const [sentence, word, tag] = [at(SENTENCE), at(WORD), Math.max(at(TAG), at(TAG) < 0 ? at(OTHER_TAG) : -1)];
  return sentence >= 0 && word >= 0 && tag >= 0 ? { sentence, word, tag } : undefined;
}

function problemOf(word = '', tag = ''): Text | undefined {
  if (word.trim() === '') return phrase('no word before the tag');
  return tag.trim() === '' ? phrase('no tag after the word {0}', JSON.stringify(word)) : undefined;
}

function newSentence(id: string): { id: string; line: number; words: string[]; tags: string[]; isBroken: boolean } {
  return { id, line: 0, words: [], tags: [], isBroken: false };
}
