import { join } from 'node:path';

/** File that is written by everything that the workspace offers to run. */
export const CANARY = 'ran';

/** Settings of the workspace that name a program, a folder of native code or the process that loads it. */
export function hostileSettings(folder: string): Readonly<Record<string, unknown>> {
  return {
    nodePath: join(folder, 'node'),
    tensorflowPath: join(folder, 'node_modules', '@tensorflow', 'tfjs-node'),
    home: join(folder, 'home'),
    'trainer.isolation': 'host',
    'trainer.wideSimd': false,
  };
}

/** A setting of the workspace that does no harm, with a value other than its default. */
export const HARMLESS = { name: 'model.units', value: 7 } as const;

/** Files of a workspace that tries to run something. */
export function hostileFiles(folder: string): Readonly<Record<string, string>> {
  const program = `#!/bin/sh\ntouch '${join(folder, CANARY)}'\n`;
  const script = `require('node:fs').writeFileSync(${JSON.stringify(join(folder, CANARY))}, '')\n`;
  const all = [...Object.entries(hostileSettings(folder)), [HARMLESS.name, HARMLESS.value] as const];
  const settings = all.map(([name, value]) => [`sequenceLab.${name}`, value]);
  const native = join('node_modules', '@tensorflow', 'tfjs-node');
  return {
    node: program,
    npm: program,
    git: program,
    '.vscode/settings.json': JSON.stringify(Object.fromEntries(settings)),
    [join(native, 'package.json')]: JSON.stringify({
      name: '@tensorflow/tfjs-node',
      version: '4.22.0',
      main: 'index.js',
    }),
    [join(native, 'index.js')]: script,
    '.git/HEAD': 'ref: refs/heads/main\n',
    '.git/config': `[core]\n\trepositoryformatversion = 0\n\tfsmonitor = ${join(folder, 'git')}\n`,
    '.git/objects/info/packs': '',
    '.git/refs/heads/.keep': '',
    'native.sequence-lab.json': JSON.stringify({ backend: 'tensorflow' }),
  };
}
