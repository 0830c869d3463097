/** A call that cannot be answered. The message says what to do next, in English, for an agent. */
export class AgentError extends Error {
  override readonly name = 'AgentError';
}
