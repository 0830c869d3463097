/** What the code of a cell is written for; a change of it is another program. */
export interface CodeOptions {
  readonly units: number;
  readonly reverse: boolean;
  /** Whether sequences may be shorter than the batch is long. */
  readonly masked: boolean;
}

/** For a whole sequence in one workgroup. */
export interface WholeOptions extends CodeOptions {
  readonly threads: number;
}

/** Beyond these the functions have reached their ends in float32, and the exponential would overflow. */
export const FUNCTIONS = `
  fn sigmoidOf(x : f32) -> f32 { return 1.0 / (1.0 + exp(-clamp(x, -80.0, 80.0))); }
  fn tanhOf(x : f32) -> f32 { return tanh(clamp(x, -15.0, 15.0)); }
`;

/** A loop over the units that are this thread's. */
export function eachUnit({ units, threads }: WholeOptions, body: string): string {
  return `for (var u = localIndex; u < ${units}; u += ${threads}) { ${body} }`;
}

/** The time step that is walked as number `step`. */
export function timeOf({ reverse }: CodeOptions, step: string): string {
  return reverse ? `(uniforms.timeSteps - 1 - (${step}))` : `(${step})`;
}

/** Steps of a sequence of the batch. */
export function lengthOf({ masked }: CodeOptions, row: string): string {
  return masked ? `lengths[${row}]` : 'uniforms.timeSteps';
}
