/** Compile-time options of a cell's code. Each combination is another program. */
export interface CodeOptions {
  readonly units: number;
  readonly reverse: boolean;
  /** True if sequences may be shorter than the batch's number of time steps. */
  readonly masked: boolean;
}

/** Options of the code that runs a whole sequence in one workgroup. */
export interface WholeOptions extends CodeOptions {
  readonly threads: number;
}

/**
 * Gates in the form of `kernels/storedGates.ts`, and tanh, clamped where it is saturated in float32 and the
 * exponential would overflow.
 */
export const FUNCTIONS = `
  fn storedSigmoid(x : f32) -> f32 {
    let e = exp(-min(abs(x), 80.0));
    let smaller = e / (1.0 + e);
    return select(-smaller, smaller, x >= 0.0);
  }
  fn sigmoidValue(stored : f32) -> f32 { return select(-stored, 1.0 - stored, stored > 0.0); }
  fn sigmoidComplement(stored : f32) -> f32 { return select(1.0 + stored, stored, stored > 0.0); }
  fn sigmoidSlope(stored : f32) -> f32 { return abs(stored) * (1.0 - abs(stored)); }
  fn storedTanh(x : f32) -> f32 {
    let y = tanhOf(x);
    let size = min(abs(x), 40.0);
    // Near zero the first is exact, far from it the second.
    return select(sign(x) * 0.5 * (exp(2.0 * size) - 1.0), y / (1.0 - abs(y)), size < 0.5);
  }
  fn tanhValue(stored : f32) -> f32 { return stored / (1.0 + abs(stored)); }
  fn storedTanhSlope(stored : f32) -> f32 {
    let rest = 1.0 / (1.0 + abs(stored));
    return rest * (2.0 - rest);
  }
  fn tanhOf(x : f32) -> f32 { return tanh(clamp(x, -15.0, 15.0)); }
  fn tanhSlope(x : f32) -> f32 {
    let e = exp(-2.0 * min(abs(x), 40.0));
    return 4.0 * e / ((1.0 + e) * (1.0 + e));
  }
`;

/** Loop over the units of this thread. */
function eachUnit({ units, threads }: WholeOptions, body: string): string {
  return `for (var u = localIndex; u < ${units}; u += ${threads}) { ${body} }`;
}

/** Time step of iteration `step`. */
function timeOf({ reverse }: CodeOptions, step: string): string {
  return reverse ? `(uniforms.timeSteps - 1 - (${step}))` : `(${step})`;
}

/** Length of a sequence of the batch, in time steps. */
export function lengthOf({ masked }: CodeOptions, row: string): string {
  return masked ? `lengths[${row}]` : 'uniforms.timeSteps';
}

/**
 * Indices of iteration `step`: its time step `t`, and the row index `place` in it, in the previous and in the next
 * iteration.
 */
export function placesOf(options: CodeOptions): string {
  const place = (step: string) => `${timeOf(options, step)} * uniforms.batch + row`;
  return `let t = ${timeOf(options, 'step')}; let place = ${place('step')}; let placeBefore = ${place('step - 1')}; let placeAfter = ${place('step + 1')};`;
}

/** Iteration over a whole sequence in one workgroup; the code of each part handles one unit `u`. */
export interface WholePass {
  /** True to iterate from the last step to the first. */
  readonly backward?: boolean;
  readonly begin: string;
  /**
   * Phases of a step, separated by barriers. Their code may use `row`, `length` and the indices of `placesOf`.
   */
  readonly phases: readonly string[];
  readonly end?: string;
}

export function wholePass(options: WholeOptions, { backward = false, begin, phases, end = '' }: WholePass): string {
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
 * Adds to each of several sums the dot product of a shared vector with a column of a matrix `[count, width]`.
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

/** Declares an array of floats in workgroup memory. */
export function sharedArray(name: string, length: number): string {
  return `var<workgroup> ${name} : array<f32, ${length}>;`;
}
