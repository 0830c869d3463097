/**
 * `node scripts/bootstrap.mjs SCRIPT [arguments]` prepares a fresh clone and runs SCRIPT.
 *
 * Every npm script starts here, on any Node.js (20 or later). It installs the packages of the lock file if they are
 * missing or out of date, and runs SCRIPT on the project's own Node.js (the npm package `node`), which strips types
 * from TypeScript and is the version of the VS Code that the tests use.
 */
import { spawn, spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, delimiter, join, resolve, sep } from 'node:path';
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

/** The Node.js that runs npm: this one, or a copy of it if it is in node_modules, which npm removes. */
function nodeForNpm() {
  if (!process.execPath.startsWith(modules + sep)) return process.execPath;
  const folder = mkdtempSync(join(tmpdir(), 'sequence-lab-node-'));
  process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
  const copy = join(folder, basename(process.execPath));
  copyFileSync(process.execPath, copy);
  return copy;
}

/** @param node the Node.js to run npm on */
function npm(node, ...args) {
  const cli = process.env.npm_execpath;
  const [command, first] = cli?.endsWith('.js') ? [node, [cli]] : ['npm', []];
  const { status, error } = spawnSync(command, [...first, ...args, '--loglevel=error'], {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit'],
    shell: command === 'npm' && process.platform === 'win32',
  });
  if (status === 0) return;
  fail(
    `"npm ${args.join(' ')}" failed${error ? ` (${error.message})` : ''}; see the output above. ` +
      'Usually the package registry cannot be reached, or package-lock.json does not match package.json ' +
      '(then run "npm install"). Afterwards run the same command again.',
  );
}

/**
 * Installs without install scripts, because npm 10 runs all of them, npm 11 only those approved in package.json, and the
 * download of @tensorflow/tfjs-node may take minutes to fail (`npm run native` builds that binding). Only the package
 * `node` needs its install script, which fetches the binary.
 */
function install() {
  if (isInstalled() && hasProjectNode()) return;
  const node = nodeForNpm();
  if (!isInstalled()) {
    console.log('Installing the npm packages of package-lock.json (about a minute) ...');
    npm(node, 'ci', '--ignore-scripts');
  }
  if (!hasProjectNode()) npm(node, 'rebuild', 'node', '--ignore-scripts=false');
  if (hasProjectNode()) return;
  fail(
    `the npm package "node" contains no binary for ${process.platform}-${process.arch} (expected ${projectNode}). ` +
      'Use a platform that nodejs.org builds for.',
  );
}

const [script, ...args] = process.argv.slice(2);
if (Number(process.versions.node.split('.')[0]) < 20)
  fail(`Node.js 20 or later is required; this is ${process.version}.`);
if (script === undefined) fail('name the script to run: node scripts/bootstrap.mjs scripts/test.ts');
install();

// These variables describe the Node.js that npm runs on; install scripts must not use it.
delete process.env.npm_config_user_agent;
delete process.env.npm_node_execpath;
delete process.env.NODE;
process.env.PATH = [join(modules, '.bin'), process.env.PATH].join(delimiter);
process.env.NODE_USE_ENV_PROXY = '1';
const child = spawn(projectNode, [resolve(root, script), ...args], { cwd: root, stdio: 'inherit' });
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
child.on('error', (error) =>
  fail(`${projectNode} does not start: ${error.message}. Delete node_modules and try again.`),
);
child.on('exit', (code, signal) => process.exit(code ?? (signal === null ? 1 : 130)));
