import { CLIENT_CAPABILITIES_META_KEY, type McpServer, type ServerContext } from '@modelcontextprotocol/server';
import * as z from 'zod';

/** The extension MCP Apps: pages of a server that a client shows. */
export const UI_EXTENSION = 'io.modelcontextprotocol/ui';

/** Type of the pages. */
export const PAGE_TYPE = 'text/html;profile=mcp-app';

/** The parts of a client's capabilities that matter here. */
const capabilities = z.object({
  elicitation: z.object({ form: z.unknown(), url: z.unknown() }).partial().optional(),
  roots: z.object({}).optional(),
  extensions: z.record(z.string(), z.unknown()).optional(),
});

export type Declared = z.output<typeof capabilities>;

const ui = z.object({ mimeTypes: z.array(z.string()) });

/** The capabilities in the envelope of a request; older clients declare them when they connect. */
const envelope = z.object({ [CLIENT_CAPABILITIES_META_KEY]: capabilities });

/** What the client can do. */
export function declaredBy({ mcpReq }: ServerContext, { server }: McpServer): Declared {
  const inRequest = envelope.safeParse(mcpReq.envelope).data?.[CLIENT_CAPABILITIES_META_KEY];
  return inRequest ?? capabilities.safeParse(server.getClientCapabilities()).data ?? {};
}

/** Whether the client shows pages. */
export function showsPages({ extensions }: Declared): boolean {
  const declared = extensions?.[UI_EXTENSION];
  if (declared === undefined) return false;
  const { success, data } = ui.safeParse(declared);
  return !success || data.mimeTypes.includes(PAGE_TYPE);
}
