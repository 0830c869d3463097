import type { Code, Work } from './dispatch.ts';

/** Threads of a workgroup. */
const THREADS = 64;
/** Rows up to so long are a thread's own: it takes no barrier, and there are rows enough to keep a GPU busy. */
const LONGEST_OF_ONE = 512;
/** Workgroups that every device allows in a dispatch; rows beyond them are taken in turn. */
const MOST_GROUPS = 65_535;

/** How the rows of a matrix are shared out: each to a thread, or, where they are long, to a workgroup. */
export interface RowWise {
  /** A part of the program's name. */
  readonly name: string;
  readonly grid: Pick<Work<string>, 'workgroupSize' | 'workgroups'>;
  /**
   * The functions `maxOfAll(localIndex, value)` and `sumOfAll(localIndex, value)`: over the threads that share a row,
   * for all of them, which must all come by.
   */
  readonly declarations: string;
  /** The same body for each `row` of `uniforms.rows`; `isFirst` in one of the threads that share it. */
  eachRow(body: string): Code['body'];
  /** A loop over the numbers `i` of the row that are this thread's. */
  eachOf(count: string, body: string): string;
}

export function rowWise(rows: number, width: number): RowWise {
  return width <= LONGEST_OF_ONE ? aThreadEach(rows) : aWorkgroupEach(rows);
}

function aThreadEach(rows: number): RowWise {
  return {
    name: 'a thread a row',
    grid: { workgroupSize: [THREADS, 1], workgroups: [Math.min(MOST_GROUPS, Math.ceil(rows / THREADS)), 1] },
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
    name: 'a workgroup a row',
    grid: { workgroupSize: [THREADS, 1], workgroups: [Math.min(rows, MOST_GROUPS), 1] },
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
