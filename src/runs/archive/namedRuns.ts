import type { ArchivedRun } from './archivedRuns.ts';

/** A run of an archive, and the other runs of the archive that it names. */
export interface NamedRun {
  readonly archived: ArchivedRun;
  /** By the ids that the run has of them. */
  readonly others: ReadonlyMap<string, ArchivedRun>;
}

/**
 * The runs of an archive, each after those that it names. In a circle, one of them comes first.
 *
 * A name is that of the run next to it in the archive, otherwise of the only run that has it: two stores in one archive
 * may have runs of one name.
 * @param names ids that each run names
 */
export function inOrder(names: ReadonlyMap<ArchivedRun, readonly string[]>): NamedRun[] {
  const find = finder([...names.keys()]);
  const named = new Map<ArchivedRun, ReadonlyMap<string, ArchivedRun>>();
  for (const [archived, ids] of names) {
    const found = ids.flatMap((id) => {
      const other = find(id, archived);
      return other && other !== archived ? [[id, other] as const] : [];
    });
    named.set(archived, new Map(found));
  }
  const ordered = new Map<ArchivedRun, NamedRun>();
  for (const first of named.keys()) addWithOthers(first, named, ordered);
  return [...ordered.values()];
}

/** Adds a run after those that it names. A loop, because a chain of runs may be longer than the stack. */
function addWithOthers(
  first: ArchivedRun,
  named: ReadonlyMap<ArchivedRun, ReadonlyMap<string, ArchivedRun>>,
  ordered: Map<ArchivedRun, NamedRun>,
): void {
  const path = [first];
  const begun = new Set(path);
  for (let last = path.at(-1); last; last = path.at(-1)) {
    const others = named.get(last) ?? new Map<string, ArchivedRun>();
    const next = [...others.values()].find((other) => !ordered.has(other) && !begun.has(other));
    if (next) {
      begun.add(next);
      path.push(next);
    } else {
      if (!ordered.has(last)) ordered.set(last, { archived: last, others });
      path.pop();
    }
  }
}

/** A function that finds the run that another one names. */
function finder(runs: readonly ArchivedRun[]): (id: string, from: ArchivedRun) => ArchivedRun | undefined {
  const byRoot = new Map(runs.map((archived) => [archived.root, archived]));
  const byName = new Map<string, ArchivedRun | undefined>();
  for (const archived of runs) byName.set(archived.run, byName.has(archived.run) ? undefined : archived);
  return (id, { root, run }) => byRoot.get(`${root.slice(0, -run.length - 1)}${id}/`) ?? byName.get(id);
}
