import type { Code, Work } from './dispatch.ts';

/** Threads of a workgroup. */
const THREADS = 64;
/** Longest row that one thread handles alone, without barriers; there are enough rows to keep a GPU busy. */
const LONGEST_OF_ONE = 512;
/** Number of workgroups that every device supports in one dimension; beyond, a workgroup handles several rows. */
const MAX_GROUPS = 65_535;

/** Distribution of the rows of a matrix: short rows to one thread each, long rows to one workgroup each. */
export interface RowWise {
  /** Part of the program's key. */
  readonly name: string;
  readonly grid: Pick<Work<string>, 'workgroupSize' | 'workgroups'>;
  /**
   * Functions `maxOfAll(localIndex, value)` and `sumOfAll(localIndex, value)`: reductions over the threads of a row,
   * which must all call them.
   */
  readonly declarations: string;
  /** Runs the body for each `row` of `uniforms.rows`; `isFirst` is true in one thread of the row. */
  eachRow(body: string): Code['body'];
  /** Loop over the elements `i` of the row that belong to this thread. */
  eachOf(count: string, body: string): string;
}

export function rowWise(rows: number, width: number): RowWise {
  return width <= LONGEST_OF_ONE ? aThreadEach(rows) : aWorkgroupEach(rows);
}

function aThreadEach(rows: number): RowWise {
  return {
    name: 'thread per row',
    grid: { workgroupSize: [THREADS, 1], workgroups: [Math.min(MAX_GROUPS, Math.ceil(rows / THREADS)), 1] },
    declarations: `
      fn maxOfAll(localIndex : i32, value : f32) -> f32 { return value; }
      fn sumOfAll(localIndex : i32, value : f32) -> f32 { return value; }`,
    eachRow: (body) => `
      let isFirst = true;
      for (var row = group.x * ${THREADS} + localIndex; row < uniforms.rows; row += groups.x * ${THREADS}) { ${body} }`,
    eachOf: (count, body) => `for (var i = 0; i < ${count}; i++) { ${body} }`,
  };
}

function aWorkgroupEach(rows: number): RowWise {
  return {
    name: 'workgroup per row',
    grid: { workgroupSize: [THREADS, 1], workgroups: [Math.min(rows, MAX_GROUPS), 1] },
    declarations: `
      var<workgroup> parts : array<f32, ${THREADS}>;
      ${reduction('maxOfAll', 'max(parts[localIndex], parts[localIndex + width])')}
      ${reduction('sumOfAll', 'parts[localIndex] + parts[localIndex + width]')}`,
    eachRow: (body) => `
      let isFirst = localIndex == 0;
      for (var row = group.x; row < uniforms.rows; row += groups.x) { ${body} }`,
    eachOf: (count, body) => `for (var i = localIndex; i < ${count}; i += ${THREADS}) { ${body} }`,
  };
}

function reduction(name: string, combined: string): string {
  return `fn ${name}(localIndex : i32, value : f32) -> f32 {
    parts[localIndex] = value;
    workgroupBarrier();
    for (var width = ${THREADS / 2}; width > 0; width /= 2) {
      if (localIndex < width) { parts[localIndex] = ${combined}; }
      workgroupBarrier();
    }
    let all = parts[0];
    workgroupBarrier();
    return all;
  }`;
}
