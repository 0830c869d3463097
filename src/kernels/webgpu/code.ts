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
function eachUnit({ units, threads }: WholeOptions, body: string): string {
  return `for (var u = localIndex; u < ${units}; u += ${threads}) { ${body} }`;
}

/** The time step that is walked as number `step`. */
function timeOf({ reverse }: CodeOptions, step: string): string {
  return reverse ? `(uniforms.timeSteps - 1 - (${step}))` : `(${step})`;
}

/** Steps of a sequence of the batch. */
export function lengthOf({ masked }: CodeOptions, row: string): string {
  return masked ? `lengths[${row}]` : 'uniforms.timeSteps';
}

/**
 * Where `step` lies: its time step `t`, and the `place` of this row in it, in the step walked before and in that after
 * it, counted in rows.
 */
export function placesOf(options: CodeOptions): string {
  const place = (step: string) => `${timeOf(options, step)} * uniforms.batch + row`;
  return `let t = ${timeOf(options, 'step')}; let place = ${place('step')}; let placeBefore = ${place('step - 1')}; let placeAfter = ${place('step + 1')};`;
}

/** A walk over a whole sequence in a workgroup, each part of it for a unit `u`. */
export interface WholeWalk {
  /** Whether it goes from the last step to the first. */
  readonly backward?: boolean;
  readonly begin: string;
  /**
   * Parts of a step, which know `row`, `length` and what `placesOf` tells; after each, the threads wait for each other.
   */
  readonly phases: readonly string[];
  readonly end?: string;
}

export function wholeWalk(options: WholeOptions, { backward = false, begin, phases, end = '' }: WholeWalk): string {
  const steps = backward
    ? 'var step = uniforms.timeSteps - 1; step >= 0; step--'
    : 'var step = 0; step < uniforms.timeSteps; step++';
  return `
    let row = group.x;
    let length = ${lengthOf(options, 'row')};
    ${eachUnit(options, begin)}
    workgroupBarrier();
    for (${steps}) {
      ${placesOf(options)}
      ${phases.map((phase) => `${eachUnit(options, phase)} workgroupBarrier();`).join('\n')}
    }
    ${eachUnit(options, end)}`;
}

/**
 * Adds to each of several sums what the numbers that a workgroup shares come to with the columns of a matrix `[count,
 * width]`.
 */
export function addProducts(
  shared: string,
  count: number,
  matrix: string,
  width: number,
  sums: Readonly<Record<string, number>>,
  firstRow = 0,
): string {
  const lines = Object.entries(sums).map(
    ([sum, column]) => `${sum} += value * ${matrix}[(${firstRow} + k) * ${width} + ${column} + u];`,
  );
  return `for (var k = 0; k < ${count}; k++) { let value = ${shared}[k]; ${lines.join(' ')} }`;
}

/** An array of floats that a workgroup shares. */
export function sharedArray(name: string, length: number): string {
  return `var<workgroup> ${name} : array<f32, ${length}>;`;
}
