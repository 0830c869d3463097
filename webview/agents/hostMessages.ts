import * as z from 'zod';
import { agentPicture, PICTURE_KEY } from '../../src/protocol/agentPicture.ts';

/*
 * The messages of MCP Apps (extension `io.modelcontextprotocol/ui`, version 2026-01-26) that a page needs which only
 * shows the result of a tool: JSON-RPC 2.0 over `postMessage`.
 */

export const APPS_VERSION = '2026-01-26';

/** What the page follows of its host. A change has only the fields that have changed. */
const hostContext = z.object({
  theme: z.enum(['light', 'dark']).optional().catch(undefined),
});

/** Result of a tool: the picture is in its metadata, and its text is shown if there is none. */
const toolResult = z.object({
  content: z.array(z.looseObject({ type: z.string(), text: z.string().optional() })).catch([]),
  _meta: z.object({ [PICTURE_KEY]: agentPicture.optional().catch(undefined) }).optional(),
});

export type HostContext = z.output<typeof hostContext>;
export type ToolResult = z.output<typeof toolResult>;

/** Answer to the first request of the page. */
export const initialized = z.object({
  jsonrpc: z.literal('2.0'),
  id: z.number(),
  result: z.object({ hostContext: hostContext.optional() }),
});

const notification = <Method extends string, Params extends z.ZodType>(method: Method, params: Params) =>
  z.object({ jsonrpc: z.literal('2.0'), method: z.literal(method), params });
const request = <Method extends string>(method: Method) =>
  z.object({ jsonrpc: z.literal('2.0'), method: z.literal(method), id: z.union([z.number(), z.string()]) });

/** What the host sends by itself. */
export const hostMessage = z.discriminatedUnion('method', [
  notification('ui/notifications/tool-result', toolResult),
  notification('ui/notifications/tool-cancelled', z.unknown()),
  notification('ui/notifications/host-context-changed', hostContext),
  request('ui/resource-teardown'),
  request('ping'),
]);
