/**
 * `node scripts/bootstrap.mjs SCRIPT [arguments]` makes a bare clone able to run SCRIPT, then runs it.
 *
 * Every npm script enters here, on whatever Node (20 or later) the machine has. What the lock file asks for is
 * installed when it is missing or out of date, and SCRIPT runs on the project's own Node (the npm package
 * `node`), which strips the types from TypeScript and is the Node of the VS Code we test with.
 */
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { delimiter, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const modules = join(root, 'node_modules');
const projectNode = join(modules, 'node', 'bin', process.platform === 'win32' ? 'node.exe' : 'node');

function fail(message) {
  console.error(`Sequence Lab: ${message}`);
  process.exit(1);
}

/**
 * True if the package `node` holds its binary, and the C headers that native packages are compiled against. Installing
 * another package with npm removes the headers, because no lock file lists them.
 */
function hasProjectNode() {
  const packages = join(modules, 'node', 'node_modules');
  if (!existsSync(projectNode) || !existsSync(packages)) return false;
  return readdirSync(packages).some((name) => existsSync(join(packages, name, 'include')));
}

/** True if node_modules holds, at the versions of the lock file, every package that is not optional. */
function isInstalled() {
  const record = join(modules, '.package-lock.json');
  if (!existsSync(record)) return false;
  const wanted = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')).packages;
  const present = JSON.parse(readFileSync(record, 'utf8')).packages;
  return Object.entries(wanted).every(
    ([path, { optional, devOptional, version }]) =>
      path === '' || optional || devOptional || present[path]?.version === version,
  );
}

function npm(...words) {
  const cli = process.env.npm_execpath;
  const [command, first] = cli?.endsWith('.js') ? [process.execPath, [cli]] : ['npm', []];
  const { status, error } = spawnSync(command, [...first, ...words, '--loglevel=error'], {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit'],
    shell: command === 'npm' && process.platform === 'win32',
  });
  if (status === 0) return;
  fail(
    `"npm ${words.join(' ')}" failed${error ? ` (${error.message})` : ''}. What went wrong is printed above; ` +
      'usually the package registry cannot be reached, or package-lock.json does not fit package.json ' +
      '(then run "npm install"). Afterwards run the same command again.',
  );
}

/**
 * Install scripts are held back, because npm 10 runs them all and npm 11 only those approved in package.json,
 * and because the download in @tensorflow/tfjs-node's may take minutes to fail: `npm run native` makes that
 * binding. Only the package `node`, which fetches its binary in one, cannot do without.
 */
function install() {
  if (!isInstalled()) {
    console.log('Installing what package-lock.json asks for ...');
    npm('ci', '--ignore-scripts');
  }
  if (!hasProjectNode()) npm('rebuild', 'node', '--ignore-scripts=false');
  if (hasProjectNode()) return;
  fail(
    `the npm package "node" holds no binary for ${process.platform}-${process.arch} (expected ${projectNode}). ` +
      'Use a platform that nodejs.org builds for.',
  );
}

const [script, ...words] = process.argv.slice(2);
if (Number(process.versions.node.split('.')[0]) < 20) fail(`Node 20 or later is needed, this is ${process.version}.`);
if (script === undefined) fail('name the script to run: node scripts/bootstrap.mjs scripts/test.ts');
install();

// What npm told about the Node that it runs on does not hold from here on; install scripts would believe it.
delete process.env.npm_config_user_agent;
delete process.env.npm_node_execpath;
delete process.env.NODE;
process.env.PATH = [join(modules, '.bin'), process.env.PATH].join(delimiter);
process.env.NODE_USE_ENV_PROXY = '1';
const child = spawn(projectNode, [resolve(root, script), ...words], { cwd: root, stdio: 'inherit' });
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
child.on('error', (error) =>
  fail(`${projectNode} does not start: ${error.message}. Delete node_modules and try again.`),
);
child.on('exit', (code, signal) => process.exit(code ?? (signal === null ? 1 : 130)));
