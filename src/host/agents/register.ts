import * as vscode from 'vscode';
import { ServerProvider } from './serverProvider.ts';
import type { AgentTools } from './agentTools.ts';

/** What package.json contributes for agents. */
export interface AgentContributions {
  readonly languageModelTools: readonly { readonly name: string }[];
  readonly mcpServerDefinitionProviders: readonly { readonly id: string }[];
}

/** Registers the language model tools and the MCP server. @param tools loads the calls of the tools */
export function registerAgents(
  { languageModelTools, mcpServerDefinitionProviders }: AgentContributions,
  extensionUri: vscode.Uri,
  tools: () => Promise<AgentTools>,
): vscode.Disposable[] {
  const registered = languageModelTools.map(({ name }) =>
    vscode.lm.registerTool<object>(name, {
      prepareInvocation: async ({ input }, token) => (await tools()).prepare(name, input, token),
      invoke: async ({ input }, token) => (await tools()).invoke(name, input, token),
    }),
  );
  const provider = new ServerProvider(extensionUri);
  const servers = mcpServerDefinitionProviders.map(({ id }) =>
    vscode.lm.registerMcpServerDefinitionProvider(id, provider),
  );
  return [...registered, provider, ...servers];
}
