import { once } from 'node:events';
import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import { serveStdio } from '@modelcontextprotocol/server/stdio';
import packageJson from '../../../package.json' with { type: 'json' };
import type { AgentLab } from '../../agents/context.ts';
import { AGENT_TOOLS } from '../../agents/registry.ts';
import { parseRunConfig } from '../../config/parse.ts';
import { backendOptions } from '../environment.ts';
import { UsageError } from '../exitCodes.ts';
import { media, programs } from '../installed.ts';
import { stopOnInterrupt } from '../stopOnInterrupt.ts';
import { agentServer } from './server.ts';
import { processTrainers } from './trainers.ts';
import { ProcessTrainings } from './trainings.ts';

/** Flags of `mcp`, as parsed by commander. */
export interface McpFlags {
  /** Folders whose files agents may use; none: the current folder. */
  readonly workspace: readonly string[];
  readonly untrusted: boolean;
  /** Names of tools that are left out. */
  readonly without: readonly string[];
}

/**
 * `sequence-lab mcp`: serves the tools for agents on standard input and output, until the client closes them. Standard
 * output has nothing but messages. Runs in training then end with checkpoints.
 */
export async function serveTools({ workspace, untrusted, without }: McpFlags): Promise<number> {
  const folders = workspace.length === 0 ? [process.cwd()] : workspace.map(folderOf);
  const backends = { ...backendOptions(), workspace: folders[0] ?? process.cwd() };
  const trainings = new ProcessTrainings(backends);
  const lab: AgentLab = {
    home: backends.home,
    workspace: folders,
    isTrusted: !untrusted,
    defaults: () => parseRunConfig({}),
    sourceOf: async (path) => Promise.resolve({ kind: 'file', path }),
    product: { programs, media, version: packageJson.version, language: 'en', translations: {} },
    trainers: processTrainers(backends),
    trainings,
  };
  const { signal, release } = stopOnInterrupt();
  const isClosed = once(process.stdin, 'close', { signal }).catch(() => undefined);
  const options = { isGiven: workspace.length > 0, without: new Set(without.map(toolNamed)) };
  const connection = serveStdio(() => agentServer(lab, options), {
    onerror: (error) => process.stderr.write(`${error.message}\n`),
  });
  await isClosed;
  // At once: a call whose answer nobody awaits starts nothing more.
  await Promise.all([trainings.close(), connection.close()]);
  return release() ?? 0;
}

/** @throws UsageError if there is no such tool */
function toolNamed(name: string): string {
  if (!AGENT_TOOLS.some((tool) => tool.name === name)) throw new UsageError(`--without: there is no tool "${name}".`);
  return name;
}

/** @throws UsageError if there is no such folder */
function folderOf(path: string): string {
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory() !== true)
    throw new UsageError(`--workspace: "${path}" is not a folder.`);
  return resolve(path);
}
