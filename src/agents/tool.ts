import type * as z from 'zod';
import { say, type Text } from '../phrases/phrase.ts';
import { textOf } from '../phrases/causes.ts';
import type { AgentPicture } from '../protocol/agentPicture.ts';
import { AgentError } from './agentError.ts';
import type { AgentContext } from './context.ts';
import { describeArguments } from './describeArguments.ts';
import { rounded } from './rounded.ts';

/** Effect of a tool: it only reads, it starts work that takes time, or it changes a run or a file. */
export type ToolEffect = 'reads' | 'starts' | 'changes';

/** Estimate of what a call will use. Null for what is not known. */
export interface Estimate {
  readonly steps: number | null;
  /** Seconds of training. */
  readonly seconds: number | null;
  /** Bytes of memory at least. */
  readonly memoryBytes: number | null;
  /** Bytes on disk at most. */
  readonly diskBytes: number | null;
}

/** What a user confirms before a call: a question, and sentences that state the cost. */
export interface Confirmation {
  /** Such as "Train a run on ferry.txt?". */
  readonly question: Text;
  /** The cost and the consequences. */
  readonly details: readonly Text[];
  readonly estimate: Estimate;
  /** What the call does beyond the sentences, such as the hash of a file. The user is asked again if it changes. */
  readonly subject?: string;
}

/** A tool with the types of its schemas. */
export interface ToolSpec<Input extends z.ZodObject, Output extends z.ZodObject> {
  /** Verb and noun, such as `list_runs`. */
  readonly name: string;
  readonly title: string;
  /** What it does, when to use it, and what comes next; for an agent. */
  readonly description: string;
  readonly effect: ToolEffect;
  /** What a call costs, for people who choose which tools an agent gets. */
  readonly cost: string;
  /** A strict object, each field with a description. */
  readonly input: Input;
  readonly output: Output;
  /**
   * What the user has to confirm; missing in tools that only read. It checks the input as far as `run` would.
   * @throws Error for input that cannot be used
   */
  readonly confirm?: (input: z.output<Input>, context: AgentContext) => Promise<Confirmation>;
  /** Does the work. A caller has confirmed it. @throws Error whose message says what to do next */
  readonly run: (input: z.output<Input>, context: AgentContext) => Promise<z.input<Output>>;
  /** What a client that shows pictures shows of an answer; missing in tools without one. */
  readonly picture?: (content: z.output<Output>, context: AgentContext) => Promise<AgentPicture>;
}

/** Answer of a tool. An error is an answer, too, that an agent can act on. */
type ToolAnswer =
  | { readonly ok: true; readonly content: Readonly<Record<string, unknown>> }
  | { readonly ok: false; readonly message: string };

/** What the user has to confirm before a call, `null` if nothing, or why the call cannot be made. */
type ConfirmationAnswer =
  { readonly ok: true; readonly confirmation: Confirmation | null } | { readonly ok: false; readonly message: string };

/** A tool of the registry. Its callers check nothing: arguments of any kind are answered. */
export interface AgentTool extends Omit<ToolSpec<z.ZodObject, z.ZodObject>, 'confirm' | 'run' | 'picture'> {
  /** To be shown to the user before `call`. */
  confirmation(args: unknown, context: AgentContext): Promise<ConfirmationAnswer>;
  /** Checks the arguments, does the work and rounds the numbers. Never rejects, unless the signal was aborted. */
  call(args: unknown, context: AgentContext): Promise<ToolAnswer>;
  /** The picture of the content of an answer; missing in tools without one. @throws Error if the run has gone */
  readonly picture?: (content: unknown, context: AgentContext) => Promise<AgentPicture>;
}

/** Makes a tool of the registry from its parts. */
export function defineTool<Input extends z.ZodObject, Output extends z.ZodObject>(
  spec: ToolSpec<Input, Output>,
): AgentTool {
  const { confirm, run, picture, ...facts } = spec;
  return {
    ...facts,
    ...(picture && { picture: async (content, context) => picture(spec.output.parse(content), context) }),
    async confirmation(args, context) {
      return answered(spec, args, context, async (input) => {
        const confirmation = (await confirm?.(input, context)) ?? null;
        return { ok: true, confirmation } as const;
      });
    },
    async call(args, context) {
      return answered(spec, args, context, async (input) => {
        const result = await run(input, untilAborted(context));
        const { data: content, error } = spec.output.safeParse(rounded(result));
        if (error) throw isNotFinite(result, error) ? new AgentError(NOT_FINITE) : error;
        return { ok: true, content } as const;
      });
    },
  };
}

/** Checks the arguments and the trust, and answers with the message of an error. */
async function answered<Input extends z.ZodObject, Answer>(
  { name, effect, input }: Pick<ToolSpec<Input, z.ZodObject>, 'name' | 'effect' | 'input'>,
  args: unknown,
  { isTrusted, signal }: AgentContext,
  work: (input: z.output<Input>) => Promise<Answer>,
): Promise<Answer | { readonly ok: false; readonly message: string }> {
  try {
    if (effect !== 'reads' && !isTrusted) throw new AgentError(UNTRUSTED);
    const parsed = input.safeParse(args ?? {});
    if (!parsed.success) throw new AgentError(describeArguments(name, input, parsed.error));
    signal.throwIfAborted();
    return await work(parsed.data);
  } catch (error) {
    signal.throwIfAborted();
    return { ok: false, message: say(textOf(error)) };
  }
}

/** Whether a number that is not finite is what a schema refuses. */
function isNotFinite(result: unknown, { issues }: z.ZodError): boolean {
  return issues.some(({ path }) => {
    let value = result;
    for (const key of path)
      value = typeof value === 'object' && value !== null ? (Reflect.get(value, key) as unknown) : undefined;
    return typeof value === 'number' && !Number.isFinite(value);
  });
}

const NOT_FINITE =
  'The model computes values that are not finite, so there is no answer. Read the verdict with get_run, and train again with what it advises, such as a lower learning rate.';

/** What a confirmation is bound to: a call that would do something else is not confirmed. Estimated times may change. */
export function boundTo({ question, estimate, subject = '' }: Confirmation): string {
  return JSON.stringify([say(question), estimate.steps, subject]);
}

/** The context of a call that starts and stops nothing once it is aborted, however long its checks take. */
function untilAborted(context: AgentContext): AgentContext {
  const { trainings, signal } = context;
  const checked =
    <Request extends readonly unknown[], Result>(act: (...request: Request) => Promise<Result>) =>
    async (...request: Request): Promise<Result> => {
      signal.throwIfAborted();
      return act(...request);
    };
  return {
    ...context,
    trainings: {
      start: checked(trainings.start.bind(trainings)),
      resume: checked(trainings.resume.bind(trainings)),
      stop: checked(trainings.stop.bind(trainings)),
      startSweep: checked(trainings.startSweep.bind(trainings)),
      status: (id) => trainings.status(id),
    },
  };
}

const UNTRUSTED =
  'The workspace is not trusted: nothing starts and nothing changes in it. Tools that only read still work. Ask the user to trust the workspace.';
