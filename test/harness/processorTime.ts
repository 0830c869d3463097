import { readdir, readFile } from 'node:fs/promises';

/** Clock ticks per second in `/proc`, on every architecture. */
const TICKS = 100;

/**
 * Processor time of this process and all its descendants so far, in seconds; 0 where there is no `/proc`. It includes
 * the processes that have ended and whose parent still runs: see proc(5), `/proc/PID/stat`.
 */
export async function processorSeconds(): Promise<number> {
  const ids = (await readdir('/proc').catch(() => [])).filter((name) => /^\d+$/.test(name));
  const processes = new Map<number, { readonly parent: number; readonly ticks: number }>();
  for (const id of ids) {
    const stat = await readFile(`/proc/${id}/stat`, 'utf8').catch(() => undefined);
    if (stat === undefined) continue;
    // The name, in parentheses, may contain spaces. The fields after it start at number 3.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const ticks = fields.slice(11, 15).reduce((sum, field) => sum + Number(field), 0);
    processes.set(Number(id), { parent: Number(fields[1]), ticks });
  }
  const belongs = (id: number): boolean => {
    const parent = processes.get(id)?.parent;
    return id === process.pid || (parent !== undefined && belongs(parent));
  };
  const own = [...processes].filter(([id]) => belongs(id));
  return own.reduce((sum, [, { ticks }]) => sum + ticks, 0) / TICKS;
}
