import * as vscode from 'vscode';
import { Disposables } from '../disposables.ts';

/** Settings that the server is started with. */
const SETTINGS = ['sequenceLab.home', 'sequenceLab.tensorflowPath', 'sequenceLab.trainer.wideSimd'];

/**
 * Offers the MCP server to the agents of the editor, and again when folders, trust or settings change. The editor starts
 * it when an agent needs it.
 */
export class ServerProvider
  extends Disposables
  implements vscode.McpServerDefinitionProvider<vscode.McpStdioServerDefinition>
{
  readonly #change = this.register(new vscode.EventEmitter<void>());
  readonly onDidChangeMcpServerDefinitions = this.#change.event;
  readonly #extensionUri: vscode.Uri;

  constructor(extensionUri: vscode.Uri) {
    super();
    this.#extensionUri = extensionUri;
    const changed = () => this.#change.fire();
    this.register(vscode.workspace.onDidChangeWorkspaceFolders(changed));
    this.register(vscode.workspace.onDidGrantWorkspaceTrust(changed));
    this.register(
      vscode.workspace.onDidChangeConfiguration((change) => {
        if (SETTINGS.some((name) => change.affectsConfiguration(name))) changed();
      }),
    );
  }

  async provideMcpServerDefinitions(): Promise<vscode.McpStdioServerDefinition[]> {
    const { serverDefinitions } = await import('./serverDefinitions.ts');
    return serverDefinitions(this.#extensionUri);
  }
}
