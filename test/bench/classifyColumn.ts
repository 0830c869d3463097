/**
 * `node test/bench/classifyColumn.ts FILE` starts the built trainer as the extension does, and prints how long
 * "Classify column..." takes on 10,000 rows of a table with the bundled model, including loading, reading and writing.
 * A shorter table is repeated.
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { root } from '../../scripts/lib/paths.ts';
import { ClassifierClient } from '../../src/host/trainerClient/trainerClient.ts';

const ROWS = 10_000;
const PIECE = 500;

const file = process.argv[2];
if (file === undefined) throw new Error('Name a table with a text in each row.');
const lines = (await readFile(file, 'utf8')).split('\n').filter((line) => line !== '');
const text = Array.from({ length: ROWS }, (_, i) => lines[i % lines.length]).join('\n');

const fail = (error: Error): never => {
  throw error;
};
const trainer = ClassifierClient.start(
  {
    isolation: 'process',
    programs: join(root, 'dist'),
    threads: 0,
    onOutput: (output) => process.stderr.write(output),
  },
  { died: fail, error: fail },
);
const before = performance.now();
await trainer.remote.openClassifier({ run: null, backends: { home: '', tensorflowPath: '', wideSimd: true } });
const { rows, text: column } = await trainer.remote.openTable({ kind: 'text', text, name: file });
let characters = 0;
for (let from = 0; from < rows; from += PIECE)
  characters += (await trainer.remote.classifyRows({ column, from, count: PIECE })).length;
console.log(
  `${rows} rows in ${((performance.now() - before) / 1000).toFixed(1)} s, ${characters} characters written, Node ${process.version}`,
);
await trainer.dispose();
