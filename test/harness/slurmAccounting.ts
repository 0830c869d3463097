import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { hostname, userInfo } from 'node:os';
import { join } from 'node:path';
import { run } from '../../scripts/lib/run.ts';
import { freePorts } from './freePorts.ts';
import { until } from './until.ts';

/** Starts a daemon: name, program, arguments. */
type StartDaemon = (name: string, program: string, args: readonly string[]) => void;

const PASSWORD = 'laboratory';

/**
 * Starts the accounting of a cluster: a database and `slurmdbd`, whose files are in the folder of the cluster. The user
 * of this process becomes the administrator.
 * @returns the lines of slurm.conf that let the controller use it
 */
export async function startAccounting(folder: string, start: StartDaemon): Promise<Record<string, string | number>> {
  const [database = 0, daemon = 0] = await freePorts(2);
  await startDatabase(folder, database, start);
  const path = join(folder, 'slurmdbd.conf');
  await writeFile(path, configuration(folder, database, daemon), { mode: 0o600 });
  start('slurmdbd', '/usr/sbin/slurmdbd', ['-D']);
  await until('the accounting answers', async () => answers(daemon));
  return {
    AccountingStorageType: 'accounting_storage/slurmdbd',
    AccountingStorageHost: '127.0.0.1',
    AccountingStoragePort: daemon,
    // For MUNGE, this is the path of its socket.
    AccountingStoragePass: `${folder}/munge.socket`,
  };
}

async function startDatabase(folder: string, port: number, start: StartDaemon): Promise<void> {
  const data = join(folder, 'database');
  await mkdir(data);
  const { username } = userInfo();
  await run('mariadb-install-db', ['--no-defaults', `--datadir=${data}`, `--user=${username}`, '--skip-test-db'], {
    quiet: true,
  });
  const script = join(folder, 'database.sql');
  await writeFile(
    script,
    `CREATE USER slurm@'127.0.0.1' IDENTIFIED BY '${PASSWORD}';\nGRANT ALL ON *.* TO slurm@'127.0.0.1';\n`,
  );
  await chmod(script, 0o644);
  start('mariadbd', '/usr/sbin/mariadbd', [
    '--no-defaults',
    `--datadir=${data}`,
    `--user=${username}`,
    '--bind-address=127.0.0.1',
    `--port=${port}`,
    `--socket=${join(folder, 'database.socket')}`,
    `--pid-file=${join(folder, 'mariadbd.pid')}`,
    `--init-file=${script}`,
    '--skip-name-resolve',
  ]);
  await until('the database answers', async () => answers(port));
}

function configuration(folder: string, database: number, daemon: number): string {
  const values = {
    AuthType: 'auth/munge',
    AuthInfo: `socket=${folder}/munge.socket`,
    DbdHost: hostname(),
    DbdAddr: '127.0.0.1',
    DbdPort: daemon,
    SlurmUser: userInfo().username,
    StorageType: 'accounting_storage/mysql',
    StorageHost: '127.0.0.1',
    StoragePort: database,
    StorageUser: 'slurm',
    StoragePass: PASSWORD,
    StorageLoc: 'slurm_accounting',
    LogFile: `${folder}/logs/slurmdbd.log`,
    PidFile: `${folder}/slurmdbd.pid`,
  };
  return Object.entries(values)
    .map(([key, value]) => `${key}=${value}\n`)
    .join('');
}

/** Whether a program of this machine listens to a port. */
async function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.on('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.on('error', () => resolve(false));
  });
}
