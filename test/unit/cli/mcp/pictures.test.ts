import assert from 'node:assert/strict';
import { copyFile, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as z from 'zod';
import { type AgentClient, connectAgent, PATIENT } from '../../../../scripts/lib/agentClient.ts';
import { root } from '../../../../scripts/lib/paths.ts';
import { AGENT_TOOLS } from '../../../../src/agents/registry.ts';
import { disk, existsHere } from '../../../../src/platform/files.ts';
import { agentPicture, PICTURE_KEY } from '../../../../src/protocol/agentPicture.ts';
import { runsFolder } from '../../../../src/runs/home.ts';
import { METRICS_FILE } from '../../../../src/runs/metricsLog.ts';
import { exampleRecord, writeExample } from '../../runs/examples.ts';
import { temporaryFolder } from '../../runs/temporary.ts';

const cli = fileURLToPath(new URL('../../../../src/cli.ts', import.meta.url));
const PAGE = 'ui://sequence-lab/picture';
const WITH_PICTURES = ['get_run', 'compare_runs', 'read_gates'];
const TINY = { 'model.units': 4, 'data.sequenceLength': 10, 'training.batchSize': 2, backend: 'wasm' };

describe('pictures of the server', function () {
  this.timeout(600_000);
  const folder = temporaryFolder();
  const home = () => join(folder(), 'home');
  let agent: AgentClient | undefined;

  async function connect(options: Partial<Parameters<typeof connectAgent>[0]> = {}): Promise<AgentClient> {
    agent = await connectAgent({ cli, workspace: folder(), home: home(), confirm: () => true, ...options });
    return agent;
  }

  beforeEach(async () => {
    await mkdir(home());
    for (const [id, factor] of [
      ['run-a', 1],
      ['run-b', 2],
    ] as const) {
      const stored = await writeExample(runsFolder(home()), exampleRecord(id));
      const lines = Array.from({ length: 40 }, (_, i) => [
        { event: 'step', step: i + 1, loss: factor + 1 / (i + 1), seconds: i },
        ...(i % 10 === 9 ? [{ event: 'validation', step: i + 1, loss: factor + 2 / (i + 1) }] : []),
      ]);
      await disk.write(
        join(stored, METRICS_FILE),
        lines
          .flat()
          .map((line) => `${JSON.stringify(line)}\n`)
          .join(''),
      );
    }
  });

  afterEach(async () => {
    await agent?.close();
    agent = undefined;
  });

  /** A whole answer, which has an answer that is no error. */
  async function result(name: string, args: Record<string, unknown>) {
    const answer = await agent?.client.callTool({ name, arguments: args }, PATIENT);
    assert.ok(answer && answer.isError !== true, JSON.stringify(answer));
    const tool = AGENT_TOOLS.find((each) => each.name === name);
    assert.ok(tool?.output.safeParse(answer.structuredContent).success);
    const { content, _meta: metadata } = z
      .object({
        content: z.array(z.looseObject({ type: z.string(), data: z.string().optional() })),
        _meta: z.unknown().optional(),
      })
      .parse(answer);
    // The text is the content, whatever the client shows.
    assert.deepEqual(JSON.parse(String(content[0]?.['text'])), answer.structuredContent);
    return { content, metadata };
  }

  const calls = [
    ['get_run', { run: 'run-a' }, ['Training loss', 'Validation loss']],
    ['compare_runs', { runs: ['run-a', 'run-b'] }, 2],
  ] as const;

  for (const negotiate of ['legacy', 'auto'] as const) {
    it(`are data of a page for a client that shows pages (${negotiate})`, async () => {
      await connect({ showsPages: true, negotiate });
      for (const [name, args, labels] of calls) {
        const { content, metadata } = await result(name, args);
        assert.deepEqual(
          content.map(({ type }) => type),
          ['text'],
        );
        const picture = agentPicture.parse(z.looseObject({ [PICTURE_KEY]: z.unknown() }).parse(metadata)[PICTURE_KEY]);
        assert.ok(picture.kind === 'curves');
        const found = picture.curves.map(({ label }) => label);
        if (typeof labels === 'number') assert.equal(found.length, labels);
        else assert.deepEqual(found, labels);
        assert.deepEqual(picture.curves.at(-1)?.points.length, 4, 'the validations');
      }
    });

    it(`are images for a client without pages (${negotiate})`, async () => {
      await connect({ negotiate });
      for (const [name, args] of calls) {
        const { content, metadata } = await result(name, args);
        assert.deepEqual(
          content.map(({ type, mimeType }) => [type, mimeType]),
          [
            ['text', undefined],
            ['image', 'image/png'],
          ],
        );
        const png = Buffer.from(content[1]?.data ?? '', 'base64');
        assert.equal(png.subarray(1, 4).toString(), 'PNG');
        assert.ok(png.length < 60 * 1024);
        assert.ok(!JSON.stringify(metadata ?? {}).includes(PICTURE_KEY));
      }
    });
  }

  it('show the values of a gate, of the units that the answer names', async () => {
    await copyFile(join(root, 'media', 'samples', 'tide.txt'), join(folder(), 'tide.txt'));
    const { call } = await connect({ showsPages: true });
    const { run } = z
      .object({ run: z.string() })
      .parse((await call('start_training', { path: 'tide.txt', set: TINY, steps: 5 })).content);
    while ((await call('get_run', { run, waitSeconds: 30 })).content['state'] !== 'completed');
    const { metadata } = await result('read_gates', { run, text: 'the tide', units: 3 });
    const picture = agentPicture.parse(z.looseObject({ [PICTURE_KEY]: z.unknown() }).parse(metadata)[PICTURE_KEY]);
    assert.ok(picture.kind === 'map');
    assert.deepEqual([picture.columns.join(''), picture.rows.length, picture.low, picture.high], ['the tide', 4, 0, 1]);
  });

  it('have a page that the server lists and sends, and that loads nothing', async function () {
    if (!existsHere(join(root, 'dist/exported/agent.js'))) this.skip();
    const { client } = await connect({ showsPages: true, cli: join(root, 'dist/cli.js') });
    const { tools } = await client.listTools();
    const named = tools.flatMap(({ name, _meta: metadata }) => {
      const { data } = z.object({ ui: z.object({ resourceUri: z.string() }) }).safeParse(metadata);
      return data ? [[name, data.ui.resourceUri]] : [];
    });
    assert.deepEqual(
      named,
      WITH_PICTURES.map((name) => [name, PAGE]),
    );
    const { resources } = await client.listResources();
    assert.deepEqual(
      resources.map(({ uri, mimeType }) => [uri, mimeType]),
      [[PAGE, 'text/html;profile=mcp-app']],
    );
    const { contents } = await client.readResource({ uri: PAGE });
    const [page, ...others] = z.array(z.looseObject({ mimeType: z.string(), text: z.string() })).parse(contents);
    assert.ok(page && others.length === 0);
    assert.equal(page.mimeType, 'text/html;profile=mcp-app');
    assert.match(page.text, /^<!DOCTYPE html>/);
    assert.match(page.text, /default-src 'none'/);
    assert.doesNotMatch(page.text, /<(?:link|img|iframe)|<script src/);
    assert.ok(page.text.length < 600_000, String(page.text.length));
  });
});
