import { annotateRun } from './tools/annotateRun.ts';
import { classifyText } from './tools/classifyText.ts';
import { compareRuns } from './tools/compareRuns.ts';
import { evaluateRun } from './tools/evaluateRun.ts';
import { exportRun } from './tools/exportRun.ts';
import { generateText } from './tools/generateText.ts';
import { getRun } from './tools/getRun.ts';
import { inspectData } from './tools/inspectData.ts';
import { listRuns } from './tools/listRuns.ts';
import { readGates } from './tools/readGates.ts';
import { resumeRun } from './tools/resumeRun.ts';
import { startSweep } from './tools/startSweep.ts';
import { startTraining } from './tools/startTraining.ts';
import { stopRun } from './tools/stopRun.ts';
import type { AgentTool } from './tool.ts';

/**
 * All tools of agents: the MCP server, the language model tools of the extension and docs/agents.md read this table. A
 * new tool is one entry. There is none that deletes: that needs the click of a user.
 */
export const AGENT_TOOLS: readonly AgentTool[] = [
  listRuns,
  getRun,
  compareRuns,
  inspectData,
  readGates,
  classifyText,
  evaluateRun,
  generateText,
  startTraining,
  startSweep,
  stopRun,
  resumeRun,
  annotateRun,
  exportRun,
];
