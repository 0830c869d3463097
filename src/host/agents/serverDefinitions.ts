import { join } from 'node:path';
import * as vscode from 'vscode';
import packageJson from '../../../package.json' with { type: 'json' };
import { programsFolder } from '../extensionFiles.ts';
import { SECTION, trainerSettings } from '../settings.ts';
import { workspaceFolders } from './workspaceFolders.ts';

/** Beginning of the names of the language model tools, as `nameInEditor` has it. */
const PREFIX = 'sequence-lab_';

/**
 * The bundled command line as an MCP server, with the run store and the folders of this window. Without a folder there
 * is none: an agent would have no file to use. In Restricted Mode, it only reads. It has the tools that the editor does not
 * offer itself, so that an agent sees each tool once.
 */
export function serverDefinitions(extensionUri: vscode.Uri): vscode.McpStdioServerDefinition[] {
  const folders = workspaceFolders();
  if (folders.length === 0) return [];
  const { version, contributes } = packageJson;
  const args = [
    join(programsFolder(extensionUri), 'cli.js'),
    'mcp',
    ...(vscode.workspace.isTrusted ? [] : ['--untrusted']),
    ...folders.flatMap((folder) => ['--workspace', folder]),
    // The editor has these as language model tools, which know what it shows.
    ...contributes.languageModelTools.flatMap(({ name }) => ['--without', name.slice(PREFIX.length)]),
  ];
  // The Node of the extension host, which is Electron in desktop VS Code.
  return [new vscode.McpStdioServerDefinition('Sequence Lab', process.execPath, args, environment(), version)];
}

/** The settings of trainers as the command line reads them. */
function environment(): Record<string, string> {
  const { home, tensorflowPath } = trainerSettings().backends;
  const isWide = vscode.workspace.getConfiguration(SECTION).get<boolean>('trainer.wideSimd', true);
  return {
    ELECTRON_RUN_AS_NODE: '1',
    SEQUENCE_LAB_HOME: home,
    ...(tensorflowPath !== '' && { SEQUENCE_LAB_TENSORFLOW_PATH: tensorflowPath }),
    ...(!isWide && { SEQUENCE_LAB_WIDE_SIMD: '0' }),
  };
}
