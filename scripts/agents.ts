/**
 * `node scripts/agents.ts` runs the scripted agent of `scripts/lib/experimenter.ts` against the built server
 * (`npm run build`), and writes its transcript into docs/agents.md.
 */
import { copyFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connectAgent } from './lib/agentClient.ts';
import { type Entry, experiment } from './lib/experimenter.ts';
import { main } from './lib/main.ts';
import { root } from './lib/paths.ts';
import { withGenerated } from './lib/markdown.ts';

const MARKERS = {
  start: '<!-- transcript: written by "node scripts/agents.ts" -->',
  end: '<!-- end of transcript -->',
};

/** Fields of the answers that the transcript shows. */
const SHOWN: Readonly<Record<string, readonly string[]>> = {
  inspect_data: ['format', 'task', 'items', 'train', 'validation', 'lengths', 'plan'],
  get_run: ['state', 'summary', 'validationLoss', 'baselines', 'verdict'],
};

function shown({ tool, answer: { content } }: Entry): object {
  const fields = SHOWN[tool];
  return fields === undefined ? content : Object.fromEntries(fields.map((field) => [field, content[field]]));
}

function formatEntry(entry: Entry): string {
  const { why, tool, args } = entry;
  const omitted = SHOWN[tool] === undefined ? '' : ' Other fields of the answer are omitted.';
  return [
    `**${tool}** — ${why}${omitted}`,
    `\`\`\`json\n${JSON.stringify(args, undefined, 2)}\n\`\`\``,
    `\`\`\`json\n${JSON.stringify(shown(entry), undefined, 2)}\n\`\`\``,
  ].join('\n\n');
}

await main(async () => {
  const path = join(root, 'docs', 'agents.md');
  const page = await readFile(path, 'utf8');
  const workspace = await mkdtemp(join(tmpdir(), 'sequence-lab-agent-'));
  try {
    await copyFile(join(root, 'media', 'samples', 'tide.txt'), join(workspace, 'tide.txt'));
    const { call, close } = await connectAgent({
      cli: join(root, 'dist', 'cli.js'),
      workspace,
      home: join(workspace, 'home'),
      confirm: () => true,
    });
    const { entries } = await experiment(call, { file: 'tide.txt', out: 'curves.csv' }).finally(close);
    const transcript = entries.map(formatEntry).join('\n\n').replaceAll(workspace, '/experiment');
    await writeFile(path, withGenerated(page, MARKERS, transcript));
  } finally {
    await rm(workspace, { recursive: true, force: true });
  }
});
