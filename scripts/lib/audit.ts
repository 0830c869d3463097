import { execFile } from 'node:child_process';
import { dirname } from 'node:path';
import { Unavailable } from './unavailable.ts';

/** Milliseconds until the registry counts as unreachable. */
const LIMIT = 60_000;

/** What `npm audit --json` prints: counts by severity, or an error. */
interface AuditReport {
  readonly metadata?: { readonly vulnerabilities: Readonly<Record<string, number>> };
  readonly vulnerabilities?: Readonly<Record<string, { readonly severity: string }>>;
}

/**
 * Checks the packages of a lock file against the advisories of the registry.
 * @returns the counts by severity
 * @throws Unavailable if the registry cannot be reached, or Error that names the packages of high severity
 */
export async function audit(lockFile: string): Promise<string> {
  const output = await new Promise<string>((resolve) => {
    // A vulnerability of any severity is an exit code other than 0.
    execFile('npm', ['audit', '--json'], { cwd: dirname(lockFile), timeout: LIMIT }, (_, stdout) => resolve(stdout));
  });
  return judge(output);
}

/** @throws as `audit` */
export function judge(output: string): string {
  const report = parse(output);
  if (!report?.metadata) throw new Unavailable('the registry of npm has no advisories here');
  const severe = Object.entries(report.vulnerabilities ?? {})
    .filter(([, { severity }]) => severity === 'high' || severity === 'critical')
    .map(([name, { severity }]) => `${name} (${severity})`);
  if (severe.length > 0) throw new Error(`Known vulnerabilities: ${severe.join(', ')}. Run npm audit for details.`);
  return Object.entries(report.metadata.vulnerabilities)
    .map(([severity, count]) => `${count} ${severity}`)
    .join(', ');
}

function parse(output: string): AuditReport | undefined {
  try {
    return JSON.parse(output) as AuditReport;
  } catch {
    return undefined;
  }
}
