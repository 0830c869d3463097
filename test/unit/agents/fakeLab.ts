import type { AgentContext, TrainingStatus } from '../../../src/agents/context.ts';
import { parseRunConfig } from '../../../src/config/parse.ts';

/** Error of the trainers of a fake lab. */
export const NO_TRAINER = 'There is no trainer in this test.';

/** A context whose trainers and trainings refuse everything, with some parts replaced. */
export function fakeContext(change: Partial<AgentContext> = {}): AgentContext {
  const refuse = async () => Promise.reject(new Error(NO_TRAINER));
  return {
    home: '/nowhere',
    workspace: [],
    isTrusted: true,
    defaults: () => parseRunConfig({}),
    sourceOf: async (path) => Promise.resolve({ kind: 'file', path }),
    product: { programs: '/nowhere', media: '/nowhere', version: '0.0.0', language: 'en', translations: {} },
    trainers: { ask: refuse, classify: refuse },
    trainings: {
      start: refuse,
      resume: refuse,
      stop: async () => Promise.resolve(false),
      startSweep: refuse,
      status: (): TrainingStatus | undefined => undefined,
    },
    signal: new AbortController().signal,
    onProgress: () => undefined,
    ...change,
  };
}
