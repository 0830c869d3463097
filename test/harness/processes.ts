import { readdir, readFile, readlink } from 'node:fs/promises';
import { join } from 'node:path';

/** A process as Linux shows it in /proc. */
export interface ShownProcess {
  readonly pid: number;
  readonly parent: number;
  readonly group: number;
  /** Command line, separated by spaces. */
  readonly command: string;
}

/** The running processes of a process group. */
export async function processesOfGroup(group: number): Promise<ShownProcess[]> {
  return (await allProcesses()).filter((each) => each.group === group);
}

/** All processes that have not ended. */
export async function allProcesses(): Promise<ShownProcess[]> {
  const ids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name)).map(Number);
  return (await Promise.all(ids.map(shownProcess))).filter((each) => each !== undefined);
}

async function shownProcess(pid: number): Promise<ShownProcess | undefined> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  // The name of the program, in parentheses, may contain spaces.
  const [state, parent, group] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  if (group === undefined || state === 'Z') return undefined;
  const command = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
  return { pid, parent: Number(parent), group: Number(group), command: command.replaceAll('\0', ' ').trim() };
}

/** What a process occupies. */
export interface Occupied {
  /** Private memory in bytes: what would be free without it. */
  readonly memory: number;
  /** Open files, by kind: sockets, pipes, files and others. */
  readonly files: number;
  readonly threads: number;
}

/** What a process occupies; undefined if it has ended. */
export async function occupiedBy(pid: number): Promise<Occupied | undefined> {
  try {
    const [status, memory, files] = await Promise.all([
      readFile(`/proc/${pid}/status`, 'utf8'),
      readFile(`/proc/${pid}/smaps_rollup`, 'utf8'),
      openFiles(pid),
    ]);
    const kilobytes = [...memory.matchAll(/^Private_(?:Clean|Dirty): *(\d+) kB$/gm)].map(([, size]) => Number(size));
    return {
      memory: 1024 * kilobytes.reduce((a, b) => a + b, 0),
      files: files.length,
      threads: Number(/^Threads:\s*(\d+)$/m.exec(status)?.[1]),
    };
  } catch {
    return undefined;
  }
}

/** What the open files of a process are: paths, sockets, pipes and others. */
export async function openFiles(pid: number): Promise<string[]> {
  const folder = `/proc/${pid}/fd`;
  const links = (await readdir(folder)).map((name) => readlink(join(folder, name)).catch(() => undefined));
  return (await Promise.all(links)).filter((each) => each !== undefined);
}
