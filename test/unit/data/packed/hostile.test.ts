import assert from 'node:assert/strict';
import { gzipSync } from 'node:zlib';
import { zipSync } from 'fflate';
import { Archive } from '../../../../src/data/packed/archive.ts';
import { byteFile } from '../../../../src/data/packed/byteFile.ts';
import { RawBytes, unpacked } from '../../../../src/data/packed/gzip.ts';
import { packedKind } from '../../../../src/data/packed/packedKind.ts';
import { packedTable } from '../../../../src/data/table/packedTable.ts';
import { workbook } from '../../../fixtures/workbook.ts';
import { numpyArray } from '../../../fixtures/numpyArray.ts';
import { errorWith } from '../../../harness/facts.ts';

const NAME = 'strange.bin';
const refused = errorWith({ name: 'InputError' }, NAME);

/** The content of the first entry, read in chunks. */
async function inChunks(archive: Archive): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of archive.chunks(archive.entries[0]!)) chunks.push(chunk);
  return Buffer.concat(chunks);
}

const readSheet = async (bytes: Uint8Array) => packedTable({ file: byteFile(NAME, bytes), format: 'xlsx' });

describe('untrusted packed data', function () {
  this.timeout(60_000);

  for (const path of ['../out.txt', 'a/../../out.txt', '/etc/out.txt', 'c:\\out.txt', '..\\out.txt'])
    it(`refuses an archive with the path ${path}`, async () => {
      await assert.rejects(Archive.open(byteFile(NAME, zipSync({ [path]: Buffer.from('x') }))), refused);
    });

  it('refuses an archive that unpacks beyond all measure, and one whose entry lies about its size', async () => {
    const bomb = zipSync({ 'a.txt': new Uint8Array(2 ** 25) }, { level: 9 });
    await assert.rejects(Archive.open(byteFile(NAME, bomb)), refused);
    const liar = zipSync({ 'a.txt': new Uint8Array(5000) }, { level: 9 });
    const view = new DataView(liar.buffer);
    const directory = view.getUint32(liar.length - 6, true);
    view.setUint32(directory + 24, 10, true);
    const archive = await Archive.open(byteFile(NAME, liar));
    await assert.rejects(archive.read(archive.entries[0]!), refused);
    await assert.rejects(inChunks(archive), refused);
  });

  it('has the same content in chunks, and refuses the same', async () => {
    const content = Buffer.from(Array.from({ length: 300_000 }, (_, at) => (at * at) % 251));
    for (const level of [0, 6] as const) {
      const bytes = zipSync({ 'a.txt': content }, { level });
      assert.deepEqual(await inChunks(await Archive.open(byteFile(NAME, bytes))), content);
      for (const place of [100, bytes.length >> 1]) {
        const damaged = bytes.slice();
        damaged[place]! ^= 8;
        await assert.rejects(inChunks(await Archive.open(byteFile(NAME, damaged))), refused);
      }
    }
  });

  it('refuses gzip data that grow beyond all measure, are damaged, or are cut off', async () => {
    const read = async (bytes: Uint8Array) => {
      let length = 0;
      for await (const chunk of unpacked(byteFile(NAME, bytes), new RawBytes())) length += chunk.length;
      return length;
    };
    const text = Buffer.from('one line of text, and another\n'.repeat(9999));
    assert.equal(await read(gzipSync(text)), text.length);
    assert.equal(await read(Buffer.concat([gzipSync(text), gzipSync(text)])), 2 * text.length);
    await assert.rejects(read(gzipSync(new Uint8Array(2 ** 26 + 2 ** 20))), refused);
    await assert.rejects(read(gzipSync(text).subarray(0, -9)), refused);
    const damaged = gzipSync(text);
    damaged[damaged.length >> 1]! ^= 1;
    await assert.rejects(read(damaged), refused);
  });

  it('refuses a workbook that defines entities, and one with a cell outside of any sheet', async () => {
    const row = '<row r="1"><c r="A1"><v>1</v></c><c r="B1"><v>2</v></c></row><row r="2"><c r="A2"><v>3</v></c></row>';
    const { rows } = await readSheet(workbook(row));
    assert.deepEqual(
      [...rows].map(({ cells }) => cells),
      [
        ['1', '2'],
        ['3', ''],
      ],
    );
    await assert.rejects(readSheet(workbook(row, { doctype: '<!DOCTYPE a [<!ENTITY b "c">]>' })), refused);
    await assert.rejects(readSheet(workbook('<row r="1"><c r="ZZZZZ1"><v>1</v></c></row>')), refused);
    await assert.rejects(readSheet(workbook('')), errorWith({ code: 'empty' }, NAME, 'One'));
  });

  it('finds the texts of a workbook by its relations, whatever their name is, and refuses a cell whose text is missing', async () => {
    const row = (text: number) =>
      `<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>${text}</v></c></row><row r="2"><c r="A2"><v>3</v></c></row>`;
    const texts = '<si><t>soup</t></si><si><t>day</t></si>';
    for (const textsPart of ['xl/sharedStrings.xml', 'xl/SharedStrings.xml', 'xl/other/Texts.xml']) {
      const { columns } = await readSheet(workbook(row(1), { texts, textsPart }));
      assert.deepEqual(columns, ['soup', 'day'], textsPart);
      await assert.rejects(
        readSheet(workbook(row(2), { texts, textsPart })),
        errorWith({ code: 'unreadable' }, NAME, '2'),
      );
    }
  });

  it('reads texts that begin like other formats as texts, and says what to do with known formats', async () => {
    for (const text of ['PAR1 is a word', 'ARROW1 is one, too', 'BZh9 is none', 'ORC and elf', 'Rar! said the bear'])
      assert.equal(await packedKind(byteFile(NAME, Buffer.from(text))), undefined, text);
    for (const bytes of [
      [0xd0, 0xcf, 0x11, 0xe0],
      [0x28, 0xb5, 0x2f, 0xfd],
      [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0],
    ])
      await assert.rejects(packedKind(byteFile(NAME, Uint8Array.from(bytes))), errorWith({ code: 'binary' }, NAME));
  });

  it('reads the arrays with the number of rows that most values have', async () => {
    const numbers = Array.from({ length: 40 }, (_, at) => at);
    const bytes = zipSync({
      'classes.npy': numpyArray([3], [1, 2, 3]),
      'x.npy': numpyArray([20, 2], numbers),
      'y.npy': numpyArray([20], numbers.slice(20)),
    });
    const { columns, rows } = await packedTable({ file: byteFile(NAME, bytes), format: 'numpy' });
    assert.deepEqual([columns, rows.length], [['x 1', 'x 2', 'y'], 20]);
  });
});
