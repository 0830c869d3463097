/** A network unrolled over time. */
export interface UnrolledNetwork {
  /** Names of the layers, from the input up. */
  readonly layers: readonly string[];
  /** Inputs and outputs of the steps; an empty name draws none. */
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  /** What a step reads of the previous one: its state, or its output. */
  readonly recurrence: 'hidden' | 'output';
  /** Whether each layer also reads from the end. */
  readonly bidirectional?: boolean;
  /** Label of the connections between layers, such as a dropout rate; omitted for none. */
  readonly between?: string;
  /** Whether steps before the last one are left out, which is drawn as a gap in the arrows. */
  readonly skips?: boolean;
  /** Names of what enters the first step and leaves the last one; omitted for none. */
  readonly initial?: string;
  readonly final?: string;
}
