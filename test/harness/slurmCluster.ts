import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import { chmod, glob, mkdir, mkdtemp, readdir, readFile, rm, rmdir, stat, writeFile } from 'node:fs/promises';
import { hostname, tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { run } from '../../scripts/lib/run.ts';
import { ensureAccounting, ensureSlurm } from '../../scripts/lib/slurm.ts';
import { Unavailable } from '../../scripts/lib/unavailable.ts';
import { freePorts } from './freePorts.ts';
import { prepareOrSkip } from './prepareOrSkip.ts';
import { allProcesses } from './processes.ts';
import { startAccounting } from './slurmAccounting.ts';
import { until } from './until.ts';

/** Variable of the environment of a daemon and of what it starts: its name. */
const DAEMON = 'SEQUENCE_LAB_DAEMON';

/** Processors of each node, which together may be more than this machine has: the tasks of the tests are small. */
const NODE_PROCESSORS = 2;

/** Seconds that jobs of the partition `polite` have to end once another one takes their node. */
const GRACE = 10;

export interface ClusterOptions {
  /** Number of nodes. */
  readonly nodes?: number;
  /** Lines to add to slurm.conf, or to replace lines with the same key. */
  readonly settings?: Readonly<Record<string, string | number>>;
  /** Whether the cluster keeps accounts, in a database. */
  readonly accounting?: boolean;
  /** Whether control groups of Linux limit the memory of jobs. */
  readonly controlGroups?: boolean;
}

/** Folder of the control groups that limit memory (version 1). */
const MEMORY_GROUPS = '/sys/fs/cgroup/memory';

/** Settings of a cluster whose jobs have control groups. */
const GROUP_SETTINGS = {
  ProctrackType: 'proctrack/cgroup',
  TaskPlugin: 'task/cgroup',
  SelectTypeParameters: 'CR_Core_Memory',
};

/**
 * A Slurm cluster on this machine: a controller and nodes, with keys, state and logs in a temporary folder and with free
 * ports. Its partitions are `main`, `short`, whose time limit is one minute, and `urgent`, whose jobs take the nodes of
 * the others. Jobs of `polite`, which has the same nodes, have some seconds to end before they lose them.
 *
 * Slurm of Debian is built without `--enable-multiple-slurmd` and refuses two nodes with the same host name. The nodes
 * have made-up host names here, and the address of this machine: `slurmd -N` then starts each of them.
 */
export class SlurmCluster {
  readonly folder: string;
  /** Variables of the environment with which commands of Slurm reach this cluster. */
  readonly env: NodeJS.ProcessEnv;
  /** Names of its nodes. */
  readonly nodes: readonly string[];
  readonly #daemons = new Map<string, ChildProcess>();

  private constructor(folder: string, nodes: readonly string[]) {
    this.folder = folder;
    this.nodes = nodes;
    this.env = { ...process.env, SLURM_CONF: join(folder, 'slurm.conf') };
  }

  /** Starts a cluster and waits until all of its nodes are idle. */
  static async start({
    nodes: count = 3,
    settings = {},
    accounting = false,
    controlGroups = false,
  }: ClusterOptions = {}): Promise<SlurmCluster> {
    const folder = await mkdtemp(join(tmpdir(), 'sequence-lab-slurm-'));
    // Slurm and MUNGE refuse folders that others can write to.
    await chmod(folder, 0o755);
    const nodes = Array.from({ length: count }, (_, index) => `node${index + 1}`);
    for (const name of ['state', 'logs', ...nodes.map((node) => `spool-${node}`)]) await mkdir(join(folder, name));
    await writeFile(join(folder, 'munge.key'), randomBytes(128), { mode: 0o400 });
    const cluster = new SlurmCluster(folder, nodes);
    try {
      await cluster.#startMunge();
      const accounts = accounting ? await startAccounting(folder, (...daemon) => cluster.#start(...daemon)) : {};
      const groups = controlGroups ? GROUP_SETTINGS : {};
      const all = { ...groups, ...accounts, ...settings };
      await writeFile(join(folder, 'slurm.conf'), await configuration(folder, nodes, all));
      if (controlGroups)
        await writeFile(join(folder, 'cgroup.conf'), 'CgroupPlugin=cgroup/v1\nConstrainRAMSpace=yes\n');
      if (accounting) await cluster.#createAccounts();
      cluster.startController();
      for (const node of nodes) cluster.startNode(node);
      await cluster.untilIdle();
    } catch (error) {
      await cluster.stop();
      throw error;
    }
    return cluster;
  }

  async #startMunge(): Promise<void> {
    const file = (name: string) => join(this.folder, name);
    this.#start('munged', '/usr/sbin/munged', [
      '--foreground',
      `--key-file=${file('munge.key')}`,
      `--socket=${file('munge.socket')}`,
      `--pid-file=${file('munged.pid')}`,
      `--log-file=${file('logs/munged.log')}`,
      `--seed-file=${file('munge.seed')}`,
    ]);
    await until('MUNGE answers', async () => (await readdir(this.folder)).includes('munge.socket'));
  }

  /** Creates the account `laboratory` of the user of this process. */
  async #createAccounts(): Promise<void> {
    const add = async (...what: readonly string[]) => this.command('sacctmgr', '--immediate', 'add', ...what);
    await until('the accounting takes requests', async () => {
      await add('cluster', 'laboratory');
      return true;
    });
    await add('account', 'laboratory', 'Cluster=laboratory');
    await add('user', userInfo().username, 'Account=laboratory');
  }

  #start(name: string, program: string, args: readonly string[]): void {
    const log = openSync(join(this.folder, 'logs', `${name}.txt`), 'a');
    // What the daemon starts inherits its name, by which its descendants are found.
    const env = { ...this.env, [DAEMON]: name };
    const daemon = spawn(program, args, { env, stdio: ['ignore', log, log], cwd: this.folder });
    closeSync(log);
    this.#daemons.set(name, daemon);
  }

  /** Starts the controller, which continues with the state of an earlier one. */
  startController(): void {
    this.#start('slurmctld', '/usr/sbin/slurmctld', ['-D', '-f', join(this.folder, 'slurm.conf')]);
  }

  /** Starts a node, such as `node1`. */
  startNode(name: string): void {
    const [program, ...args] = this.#nodeCommand(name);
    this.#start(name, program, args);
  }

  /**
   * Starts a node again, with an empty folder instead of one of this machine.
   * @returns false if this process may not mount folders
   */
  async restartWithout(name: string, folder: string): Promise<boolean> {
    const isAllowed = await run('unshare', ['--mount', 'true'], { quiet: true }).then(
      () => true,
      () => false,
    );
    if (!isAllowed) return false;
    await this.#kill(name);
    const script = 'mount -t tmpfs none "$1" && shift && exec "$@"';
    this.#start(name, 'unshare', ['--mount', 'bash', '-c', script, 'bash', folder, ...this.#nodeCommand(name)]);
    await this.untilIdle();
    return true;
  }

  /** Starts a node again. */
  async restartNode(name: string): Promise<void> {
    await this.#kill(name);
    this.startNode(name);
  }

  #nodeCommand(name: string): [string, ...string[]] {
    return ['/usr/sbin/slurmd', '-D', '-N', name, '-f', join(this.folder, 'slurm.conf')];
  }

  /** Ends the controller, which saves its state. Jobs go on. */
  async endController(): Promise<void> {
    const daemon = this.#daemons.get('slurmctld');
    if (daemon === undefined) return;
    const ended = once(daemon, 'exit');
    daemon.kill('SIGTERM');
    await ended;
    this.#daemons.delete('slurmctld');
  }

  /**
   * Kills the controller without warning. Jobs go on. Waits before until it has saved the jobs of now, as it does every
   * few seconds: a controller that has lost a job uses its id again, and drains the nodes that still have the job.
   */
  async killController(): Promise<void> {
    const now = Date.now();
    const saved = join(this.folder, 'state', 'job_state');
    await until('the controller has saved its state', async () => (await stat(saved)).mtimeMs > now);
    await this.#kill('slurmctld');
  }

  /** Kills a node with all of its processes, as a power cut does. */
  async killNode(name: string): Promise<void> {
    await this.#kill(name);
  }

  async #kill(name: string): Promise<void> {
    const daemon = this.#daemons.get(name);
    this.#daemons.delete(name);
    if (daemon?.pid === undefined || daemon.exitCode !== null || daemon.signalCode !== null) return;
    const ended = once(daemon, 'exit');
    // The descendants are found before their parent ends: then, they belong to the first process of the system.
    const descendants = await descendantsOf(daemon.pid, this.folder, name);
    for (const pid of [daemon.pid, ...descendants]) kill(pid);
    await ended;
  }

  /** Ends all processes of the cluster and removes its folder. */
  async stop(): Promise<void> {
    for (const name of [...this.#daemons.keys()]) await this.#kill(name);
    for (const group of this.nodes.map((node) => `/sys/fs/cgroup/*/slurm_${node}`))
      for await (const folder of glob(group))
        await run('find', [folder, '-depth', '-type', 'd', '-delete'], { quiet: true });
    await rm(this.folder, { recursive: true, force: true, maxRetries: 5 });
  }

  /** Runs a command of Slurm to its end, and returns its output. */
  async command(program: string, ...args: readonly string[]): Promise<string> {
    return run(program, args, { quiet: true, env: this.env });
  }

  /** Waits until every node is free, and resumes nodes that the controller drains because it had lost one of their jobs. */
  async untilIdle(): Promise<void> {
    await until('all nodes are idle', async () => {
      const states = (await this.command('sinfo', '--noheader', '--partition=main', '--Node', '--format=%T'))
        .trim()
        .split('\n');
      if (states.some((state) => /^drain/.test(state)))
        await this.command('scontrol', 'update', `NodeName=${this.nodes.join()}`, 'State=RESUME');
      return states.join() === this.nodes.map(() => 'idle').join();
    });
  }
}

async function configuration(
  folder: string,
  nodes: readonly string[],
  settings: ClusterOptions['settings'],
): Promise<string> {
  const [controllerPort, ...ports] = await freePorts(nodes.length + 1);
  const { username } = userInfo();
  const values = {
    ClusterName: 'laboratory',
    SlurmctldHost: `${hostname()}(127.0.0.1)`,
    SlurmctldPort: controllerPort,
    SlurmUser: username,
    SlurmdUser: username,
    AuthType: 'auth/munge',
    // A requeued job waits until its credential has expired.
    AuthInfo: `socket=${folder}/munge.socket,cred_expire=5`,
    StateSaveLocation: `${folder}/state`,
    SlurmdSpoolDir: `${folder}/spool-%n`,
    SlurmctldPidFile: `${folder}/slurmctld.pid`,
    SlurmdPidFile: `${folder}/%n.pid`,
    SlurmctldLogFile: `${folder}/logs/slurmctld.log`,
    SlurmdLogFile: `${folder}/logs/%n.log`,
    ProctrackType: 'proctrack/linuxproc',
    TaskPlugin: 'task/none',
    SwitchType: 'switch/none',
    MpiDefault: 'none',
    SelectType: 'select/cons_tres',
    SelectTypeParameters: 'CR_Core',
    SlurmdParameters: 'config_overrides',
    ReturnToService: 2,
    JobRequeue: 1,
    PreemptType: 'preempt/partition_prio',
    PreemptMode: 'REQUEUE',
    KillWait: 2,
    MinJobAge: 10,
    SlurmdTimeout: 6,
    SchedulerType: 'sched/backfill',
    SchedulerParameters: 'batch_sched_delay=0,sched_interval=1,bf_interval=1',
    ...settings,
  };
  const lines = Object.entries(values).map(([key, value]) => `${key}=${value}`);
  const nodeLines = nodes.map(
    (name, index) =>
      `NodeName=${name} NodeHostname=${name} NodeAddr=127.0.0.1 Port=${ports[index]} CPUs=${NODE_PROCESSORS} RealMemory=4000`,
  );
  const names = nodes.join(',');
  return [
    ...lines,
    ...nodeLines,
    `PartitionName=main Nodes=${names} Default=YES MaxTime=60 State=UP`,
    `PartitionName=short Nodes=${names} MaxTime=1 State=UP`,
    `PartitionName=polite Nodes=${names} MaxTime=60 GraceTime=${GRACE} State=UP`,
    `PartitionName=urgent Nodes=${names} PriorityTier=9 State=UP`,
    '',
  ].join('\n');
}

/**
 * Processes that a daemon has started. `slurmstepd` of a job has left its parent, but has its environment.
 */
async function descendantsOf(daemon: number, folder: string, node: string): Promise<number[]> {
  const all = await allProcesses();
  const found = new Set([daemon]);
  for (const { pid, command } of all)
    if (/slurmstepd/.test(command) && (await isOfNode(pid, folder, node))) found.add(pid);
  for (let before = 0; before < found.size;) {
    before = found.size;
    for (const { pid, parent } of all) if (found.has(parent)) found.add(pid);
  }
  found.delete(daemon);
  return [...found];
}

async function isOfNode(pid: number, folder: string, node: string): Promise<boolean> {
  const environment = await readFile(`/proc/${pid}/environ`, 'utf8').catch(() => '');
  return environment.includes(`${folder}/slurm.conf`) && environment.includes(`${DAEMON}=${node}\0`);
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has ended by itself.
  }
}

/** @throws Unavailable if this user cannot limit memory with control groups of version 1 */
async function ensureMemoryGroups(): Promise<void> {
  const group = join(MEMORY_GROUPS, `sequence-lab-${process.pid}`);
  try {
    await mkdir(group);
    await rmdir(group);
  } catch {
    throw new Unavailable(`needs control groups below ${MEMORY_GROUPS}, which this user may not create`);
  }
}

/** A cluster for the tests of a suite, none of which leaves a job. Call it before other hooks that remove files of jobs. */
export function clusterOfTests(options: ClusterOptions = {}): () => SlurmCluster {
  let cluster: SlurmCluster | undefined;
  before(async function () {
    await prepareOrSkip(this, async () => {
      await ensureSlurm();
      if (options.accounting) await ensureAccounting();
      if (options.controlGroups) await ensureMemoryGroups();
    });
    cluster = await SlurmCluster.start(options);
  });
  afterEach(async () => {
    await cluster?.command('scancel', `--user=${userInfo().username}`).catch(() => '');
    await cluster?.untilIdle();
  });
  after(async () => {
    await cluster?.stop();
  });
  return () => {
    assert.ok(cluster, 'the cluster has not started');
    return cluster;
  };
}
