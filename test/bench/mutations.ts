/**
 * `npm run bench -- mutations` puts faults into a copy of the code that stores runs, one at a time, and says which test
 * finds each. It fails if no test does. `--name TEXT` puts in only the faults whose name contains the text.
 */
import { spawnSync } from 'node:child_process';
import { cp, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

interface Mutation {
  readonly name: string;
  readonly file: string;
  readonly from: string;
  readonly to: string;
  readonly tests: readonly string[];
}

const STORE = ['test/unit/runs/store.test.ts', 'test/unit/runs/lock.test.ts'];
const INTEGRITY = ['test/unit/worker/integrity.test.ts'];
const FAULTS = ['test/unit/worker/faults.test.ts'];

const mutations: readonly Mutation[] = [
  {
    name: 'a file is renamed before it is flushed',
    file: 'src/runs/atomic.ts',
    from: 'await files.writeFlushed(temporary, data);',
    to: 'await files.write(temporary, data);',
    tests: FAULTS,
  },
  {
    name: 'a folder is renamed before its files are flushed',
    file: 'src/runs/atomic.ts',
    from: 'files.writeFlushed(join(temporary, name), data)',
    to: 'files.write(join(temporary, name), data)',
    tests: FAULTS,
  },
  {
    name: 'a folder is renamed although one of its files could not be written',
    file: 'src/runs/atomic.ts',
    from: '  if (failed) throw failed.reason;\n',
    to: '',
    tests: FAULTS,
  },
  {
    name: 'a file is written in place',
    file: 'src/runs/atomic.ts',
    from: 'const temporary = `${path}.${process.pid}.tmp`;',
    to: 'const temporary = path;',
    tests: FAULTS,
  },
  {
    name: 'a folder is not flushed after a rename',
    file: 'src/runs/atomic.ts',
    from: '  await files.syncFolder(dirname(folder));\n',
    to: '',
    tests: FAULTS,
  },
  {
    name: 'what a crash left between two renames is not repaired',
    file: 'src/runs/atomic.ts',
    from: '  if (missing) await files.rename(oldName(folder), folder).catch(ignoreMissing);\n',
    to: '',
    tests: STORE,
  },
  {
    name: 'the lock is taken without a look at its holder',
    file: 'src/runs/lock.ts',
    from: 'if (holder !== undefined) throw new RunLockedError(folder, holder);',
    to: '',
    tests: STORE,
  },
  {
    name: 'the start of the process is not compared',
    file: 'src/runs/lock.ts',
    from: "if (start === '' || start === NO_START) return pid;",
    to: 'if (start !== undefined) return pid;',
    tests: STORE,
  },
  {
    name: 'the computer or container of the lock is not compared',
    file: 'src/runs/lock.ts',
    from: 'return namespace === undefined || namespace === (await thisProcess()).namespace;',
    to: 'return namespace !== null;',
    tests: STORE,
  },
  {
    name: 'the hash of a file is not compared',
    file: 'src/runs/integrity.ts',
    from: 'return sha256Hex(bytes) === sha256 ? undefined',
    to: 'return sha256 !== undefined ? undefined',
    tests: INTEGRITY,
  },
  {
    name: 'what is read of a model is not compared with its hash',
    file: 'src/worker/trainedModel.ts',
    from: 'await CheckedFolder.open(join(runFolder, MODEL_FOLDER), disk)',
    to: 'CheckedFolder.unchecked(join(runFolder, MODEL_FOLDER), disk)',
    tests: INTEGRITY,
  },
  {
    name: 'the log is not compared with the checkpoint',
    file: 'src/runs/metricsLog.ts',
    from: 'else if (damaged.length === 0 && then &&',
    to: 'else if (damaged.length === 0 && then && step < 0 &&',
    tests: INTEGRITY,
  },
  {
    name: 'a record that has changed is read without a notice',
    file: 'src/runs/record.ts',
    from: 'notices: [...record.notices, CHANGED]',
    to: 'notices: [...record.notices]',
    tests: INTEGRITY,
  },
  {
    name: 'a run that is resumed at its last step keeps the model of an earlier one',
    file: 'src/worker/session.ts',
    from: '      await this.#kept.save();\n      return;',
    to: '      return;',
    tests: FAULTS,
  },
  {
    name: 'the last lines of the log are not flushed before the run is completed',
    file: 'src/worker/session.ts',
    from: 'await this.#log.sync();\n    await this.#events',
    to: 'await this.#log.flush();\n    await this.#events',
    tests: FAULTS,
  },
  {
    name: 'a resume stops at a damaged checkpoint',
    file: 'src/runs/checkpoints.ts',
    from: 'if (!isDamage(error)) throw error;\n        damaged.push',
    to: 'if (step >= 0) throw error;\n        damaged.push',
    tests: INTEGRITY,
  },
  {
    name: 'weights that are not finite replace a model',
    file: 'src/worker/trainedModel.ts',
    from: 'if (!hasFiniteWeights(model)) {',
    to: 'if (!hasFiniteWeights(model) && runFolder === null) {',
    tests: INTEGRITY,
  },
  {
    name: 'the copy of the data is not compared with what was read',
    file: 'src/worker/tasks/dataFiles.ts',
    from: 'if (kept !== (hashOfRole(hashes, role) ?? kept)) throw changedMeanwhile(source);',
    to: '',
    tests: INTEGRITY,
  },
];

const { values } = parseArgs({ options: { name: { type: 'string', default: '' } } });
const root = fileURLToPath(new URL('../..', import.meta.url));
const mocha = join(root, 'node_modules', 'mocha', 'bin', 'mocha.js');
const copy = await mkdtemp(join(tmpdir(), 'sequence-lab-mutations-'));
try {
  for (const name of ['src', 'test', 'package.json', 'tsconfig.json', 'media'])
    await cp(join(root, name), join(copy, name), { recursive: true });
  await symlink(join(root, 'node_modules'), join(copy, 'node_modules'));
  for (const { name, file, from, to, tests } of mutations) {
    if (!name.includes(values.name)) continue;
    const path = join(copy, file);
    const good = await readFile(path, 'utf8');
    if (!good.includes(from)) throw new Error(`${file} no longer has: ${from}`);
    await writeFile(
      path,
      good.replace(from, () => to),
    );
    const args = [mocha, '--no-config', '--bail', '--reporter', 'json', '--timeout', '600000', ...tests];
    // A test of all accidents lists each that fails, which is more than the megabyte that is read by default.
    const { stdout } = spawnSync(process.execPath, args, { cwd: copy, encoding: 'utf8', maxBuffer: 2 ** 28 });
    const [failure] = (JSON.parse(stdout.slice(stdout.indexOf('{\n'))) as { failures: { fullTitle: string }[] })
      .failures;
    console.log(`${name}: ${failure ? failure.fullTitle : 'NOT FOUND'}`);
    if (!failure) process.exitCode = 1;
    await writeFile(path, good);
  }
} finally {
  await rm(copy, { recursive: true, force: true });
}
