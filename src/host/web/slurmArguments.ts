import type * as node from '../sweeping/slurmArguments.ts';
import { refuseInBrowser } from '../abilities.ts';

export const hasSlurm: typeof node.hasSlurm = () => false;

export const slurmArguments: typeof node.slurmArguments = () => refuseInBrowser('slurm');
