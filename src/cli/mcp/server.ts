import {
  acceptedContent,
  type CallToolResult,
  inputRequired,
  type InputRequiredResult,
  McpServer,
  type ServerContext,
  type StandardSchemaWithJSON,
} from '@modelcontextprotocol/server';
import * as z from 'zod';
import type { AgentContext, AgentLab } from '../../agents/context.ts';
import { AGENT_TOOLS } from '../../agents/registry.ts';
import { type AgentTool, boundTo, type Confirmation } from '../../agents/tool.ts';
import { say } from '../../phrases/phrase.ts';
import { type Declared, declaredBy, showsPages, UI_EXTENSION } from './capabilities.ts';
import { ClientRoots } from './clientRoots.ts';
import { CONFIRMATION_MS, Confirmations } from './confirmations.ts';
import { PICTURE_PAGE, registerPicturePage, withPicture } from './pictures.ts';

/** Argument of a second call, for clients that cannot ask their user. */
const TOKEN = 'confirmation';

const INSTRUCTIONS = [
  'Trains and examines recurrent networks: LSTM, GRU and simple RNN.',
  'An experiment: inspect_data, start_training, get_run with waitSeconds, read the verdict, change the one thing that its advice names with start_training and "from", compare_runs, and annotate_run with what it showed.',
  'Tools that start work or change something are confirmed by the user, who sees the cost. Nothing deletes a run.',
].join(' ');

export interface ServerOptions {
  /** Whether the user has named the folders of the workspace: the roots of a client then only narrow them. */
  readonly isGiven?: boolean;
  /** Names of tools that are left out. */
  readonly without?: ReadonlySet<string>;
}

/** The MCP server with the tools. */
export function agentServer(
  lab: AgentLab,
  { isGiven = false, without = new Set() }: ServerOptions = {},
  confirmations = new Confirmations(),
): McpServer {
  const server = new McpServer(
    { name: 'sequence-lab', title: 'Sequence Lab', version: lab.product.version },
    { capabilities: { tools: {}, resources: {}, extensions: { [UI_EXTENSION]: {} } }, instructions: INSTRUCTIONS },
  );
  const workspace = new ClientRoots(server, lab.workspace, isGiven);
  const serving: Serving = { server, lab, confirmations, workspace };
  registerPicturePage(server, lab.product);
  for (const tool of AGENT_TOOLS) {
    if (without.has(tool.name)) continue;
    server.registerTool(
      tool.name,
      {
        title: tool.title,
        description: tool.description,
        inputSchema: advertised(tool),
        outputSchema: tool.output,
        annotations: {
          title: tool.title,
          readOnlyHint: tool.effect === 'reads',
          destructiveHint: tool.effect === 'changes',
          openWorldHint: false,
        },
        ...(tool.picture && { _meta: { ui: { resourceUri: PICTURE_PAGE } } }),
      },
      async (args, request) => answer(tool, args, request, serving),
    );
  }
  return server;
}

interface Serving {
  readonly server: McpServer;
  readonly lab: AgentLab;
  readonly confirmations: Confirmations;
  readonly workspace: ClientRoots;
}

/**
 * The schema of a tool's arguments as clients see it. The tool checks them itself, so that wrong ones have an answer that
 * says what to correct.
 */
function advertised({ input, effect }: AgentTool): StandardSchemaWithJSON<Record<string, unknown>> {
  const token = z
    .string()
    .optional()
    .describe(
      'Token of a confirmation. Omit it in the first call, which returns the cost and the token if one is needed.',
    );
  const json = z.toJSONSchema(effect === 'reads' ? input : input.extend({ [TOKEN]: token }), { io: 'input' });
  return {
    '~standard': {
      version: 1,
      vendor: 'sequence-lab',
      validate: (value) => ({ value: z.record(z.string(), z.unknown()).catch({}).parse(value) }),
      jsonSchema: { input: () => json, output: () => json },
    },
  };
}

async function answer(
  tool: AgentTool,
  { [TOKEN]: token, ...args }: Record<string, unknown>,
  request: ServerContext,
  serving: Serving,
): Promise<CallToolResult | InputRequiredResult> {
  const declared = declaredBy(request, serving.server);
  const bounds = await serving.workspace.folders(request, declared);
  if ('ask' in bounds) return bounds.ask;
  const context = contextOf(request, { ...serving.lab, workspace: bounds.folders });
  if (tool.effect !== 'reads') {
    const open = await confirmed(tool, { args, token }, { request, context, serving, declared });
    if (open) return open;
  }
  const result = await tool.call(args, context);
  if (!result.ok) return refused(result.message);
  const answered = {
    content: [{ type: 'text' as const, text: JSON.stringify(result.content) }],
    structuredContent: result.content,
  };
  // The run may have gone since the answer: it is as good without a picture.
  const picture = await tool.picture?.(result.content, context).catch(() => undefined);
  return picture === undefined ? answered : withPicture(answered, picture, showsPages(declared));
}

/**
 * Lets the user confirm a call, again if it would do something else than the user has seen.
 * @returns the answer until then, or if the user declines; undefined once confirmed
 */
async function confirmed(
  tool: AgentTool,
  { args, token }: { readonly args: unknown; readonly token: unknown },
  {
    request,
    context,
    serving,
    declared,
  }: {
    readonly request: ServerContext;
    readonly context: AgentContext;
    readonly serving: Serving;
    readonly declared: Declared;
  },
): Promise<CallToolResult | InputRequiredResult | undefined> {
  const { confirmations, workspace } = serving;
  const state = request.mcpReq.requestState<string>();
  const isAccepted = acceptedContent(request.mcpReq.inputResponses, TOKEN, consent)?.confirm === true;
  if (state !== undefined && !isAccepted) {
    confirmations.forget(state);
    return refused('The user did not confirm the call. Nothing was started or changed. Ask what to do instead.');
  }
  const asked = await tool.confirmation(args, context);
  if (!asked.ok) return refused(asked.message);
  if (asked.confirmation === null) return undefined;
  const call = { tool: tool.name, args, shown: boundTo(asked.confirmation) };
  const given = state ?? token;
  if (typeof given === 'string' && confirmations.redeem(given, call)) return undefined;
  const message = messageOf(asked.confirmation);
  const next = confirmations.offer(call);
  if (!asksItsUser(declared)) return refused(offerOf(tool, message, next));
  return inputRequired({
    inputRequests: {
      [TOKEN]: inputRequired.elicit({ message, requestedSchema: consent }),
      ...workspace.requests(request, declared),
    },
    requestState: next,
  });
}

/** Without a default: an empty form is no consent. */
const consent = z.object({ confirm: z.boolean().describe('Go on') });

function messageOf({ question, details }: Confirmation): string {
  return [question, ...details].map(say).join('\n');
}

const MINUTE_MS = 60_000;

function offerOf({ name }: AgentTool, message: string, token: string): string {
  return `${message}\nNothing has happened yet. If the user agrees, call ${name} again within ${CONFIRMATION_MS / MINUTE_MS} minutes with the same arguments and "${TOKEN}": "${token}".`;
}

/** Whether the client can show a form to its user. */
function asksItsUser({ elicitation }: Declared): boolean {
  return elicitation !== undefined && (elicitation.form !== undefined || elicitation.url === undefined);
}

/** An error as an answer that an agent reads, not one of the protocol. */
function refused(text: string): CallToolResult {
  return { content: [{ type: 'text', text }], isError: true };
}

/** The context of a call: progress is sent if the client has a token for it. */
function contextOf({ mcpReq }: ServerContext, lab: AgentLab): AgentContext {
  const progressToken = mcpReq._meta?.progressToken;
  let last = -1;
  return {
    ...lab,
    signal: mcpReq.signal,
    onProgress: ({ done, total, message }) => {
      // The protocol wants a number that grows.
      if (progressToken === undefined || done <= last) return;
      last = done;
      const params = {
        progressToken,
        progress: done,
        ...(total !== undefined && { total }),
        ...(message !== undefined && { message }),
      };
      // A client that has gone away needs no progress.
      void mcpReq.notify({ method: 'notifications/progress', params }).catch(() => undefined);
    },
  };
}
