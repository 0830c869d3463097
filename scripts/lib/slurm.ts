import { access } from 'node:fs/promises';
import { ensureDebianPackages } from './debian.ts';
import { run } from './run.ts';
import { Unavailable } from './unavailable.ts';

/** Daemons of Slurm and of its authentication. */
const DAEMONS = ['/usr/sbin/munged', '/usr/sbin/slurmctld', '/usr/sbin/slurmd'] as const;
/** Daemons of its accounting. */
const ACCOUNTING_DAEMONS = ['/usr/sbin/slurmdbd', '/usr/sbin/mariadbd'] as const;

/**
 * Ensures that the programs of Slurm are installed, without starting any of them.
 * @returns the version, such as "slurm 22.05.8"
 * @throws Unavailable if this is not Linux, or if they are missing and cannot be installed
 */
export async function ensureSlurm(): Promise<string> {
  if (process.platform !== 'linux') throw new Unavailable('needs Slurm, which runs on Linux');
  await ensureDebianPackages(['slurm-wlm', 'munge'], 'to run a Slurm cluster on this machine');
  for (const daemon of DAEMONS)
    await access(daemon).catch(() => {
      throw new Unavailable(`needs ${daemon}; install Slurm and MUNGE`);
    });
  return (await run('/usr/sbin/slurmd', ['-V'], { quiet: true })).trim();
}

/**
 * Ensures that the accounting of Slurm and its database are installed, without starting them.
 * @throws Unavailable if they are missing and cannot be installed
 */
export async function ensureAccounting(): Promise<void> {
  await ensureDebianPackages(
    ['slurmdbd', 'mariadb-server-core', 'mariadb-client-core'],
    'to keep the accounts of a Slurm cluster',
  );
  for (const daemon of ACCOUNTING_DAEMONS)
    await access(daemon).catch(() => {
      throw new Unavailable(`needs ${daemon}; install slurmdbd and MariaDB`);
    });
}
