import { globSync } from 'node:fs';
import { sep } from 'node:path';
import { root } from './paths.ts';

/** Seconds that the slowest test files take on two idle cores; every other file takes less than all of these. */
export const SLOW_FILES: Readonly<Record<string, number>> = {
  'test/unit/gradients/backends.test.ts': 186,
  'test/unit/cli/cli.test.ts': 150,
  'test/unit/worker/faults.test.ts': 141,
  'test/unit/worker/applicability.test.ts': 97,
  'test/unit/cli/catalog.test.ts': 55,
  'test/unit/worker/session.test.ts': 51,
  'test/unit/backends/webgpu.test.ts': 41,
  'test/unit/cli/mcp/mcp.test.ts': 38,
  'test/unit/cli/sentiment.test.ts': 27,
  'test/unit/worker/inspector.test.ts': 26,
  'test/unit/cli/compare.test.ts': 25,
  'test/unit/gradients/torchRegenerate.test.ts': 25,
  'test/unit/worker/chooseBackend.test.ts': 25,
  'test/unit/worker/replay.test.ts': 22,
  'test/unit/worker/replayBackends.test.ts': 20,
  'test/unit/worker/forecasting.test.ts': 19,
  'test/unit/sentiment/bundled.test.ts': 18,
  'test/unit/worker/probes.test.ts': 17,
  'test/e2e/coursePage.test.ts': 160,
  'test/e2e/panelPage.test.ts': 145,
  'test/e2e/train.test.ts': 140,
  'test/e2e/tensorflow.test.ts': 80,
  'test/e2e/accidents.test.ts': 75,
  'test/e2e/openModel.test.ts': 68,
  'test/e2e/pytorch.test.ts': 59,
  'test/e2e/openText.test.ts': 50,
  'test/e2e/laboratory.test.ts': 43,
  'test/e2e/report.test.ts': 40,
};

/** Test files that match a pattern, the slowest ones first, so that processes that share them end at about the same time. */
export function testFiles(pattern: string): string[] {
  const files = globSync(pattern, { cwd: root }).map((file) => file.replaceAll(sep, '/'));
  const seconds = (file: string): number => SLOW_FILES[file] ?? 0;
  return files.sort().sort((a, b) => seconds(b) - seconds(a));
}
