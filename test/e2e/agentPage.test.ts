import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { Browser, Frame, Page } from 'playwright-core';
import { launchChromium } from '../../scripts/lib/chromium.ts';
import { pageDocument } from '../../src/export/page/pageDocument.ts';
import { disk } from '../../src/platform/files.ts';
import { type AgentPicture, PICTURE_KEY } from '../../src/protocol/agentPicture.ts';
import { accessibilityProblems, overflow, until } from '../fixtures/panelPage/checks.ts';
import { prepareOrSkip } from '../harness/prepareOrSkip.ts';

const programs = resolve(import.meta.dirname, '../../dist/exported');

/** Folder that the pictures of the pages are written to, to be looked at; empty for none. */
const shots = process.env['SEQUENCE_LAB_SHOTS'] ?? '';

/** A program that shows the page in a sandbox, and answers as MCP Apps say. */
const HOST = `
  globalThis.received = [];
  const frame = document.querySelector('iframe');
  globalThis.send = (message) => frame.contentWindow.postMessage({ jsonrpc: '2.0', ...message }, '*');
  addEventListener('message', ({ source, data }) => {
    if (source !== frame.contentWindow) return;
    received.push(data);
    if (data.method === 'ui/initialize')
      send({ id: data.id, result: { protocolVersion: '2026-01-26', hostInfo: {}, hostCapabilities: {}, hostContext: context } });
    if (data.method === 'ui/notifications/size-changed') frame.style.height = data.params.height + 'px';
  });
`;

const curves: AgentPicture = {
  kind: 'curves',
  title: 'Loss <b>of ferry.txt</b>',
  unit: 'nats per character',
  curves: ['Training loss', 'Validation loss'].map((label, i) => ({
    label,
    points: Array.from({ length: 80 }, (_, x) => [x * 10, x === 40 ? null : 1 + i + 3 * Math.exp(-x / 20)]),
  })),
};

const tokens = Array.from('The ferry\nis late.');

const map: AgentPicture = {
  kind: 'map',
  title: 'forget of lstm_1, step 800',
  columns: tokens,
  rows: ['mean', 'unit 3', 'unit 12'].map((label, row) => ({
    label,
    values: tokens.map((_, t) => (t === 5 && row === 1 ? null : (1 + Math.sin(t + row)) / 2)),
  })),
  low: 0,
  high: 1,
};

const words: AgentPicture = { ...map, low: -1, columns: tokens.map((_, i) => `word${i}`) };

const pictures = { curves, map, words };

/** The page for the results of tools, in a sandbox without network. */
describe('the page of a tool', function () {
  this.timeout(180_000);
  let browser: Browser;
  let page: Page;
  let document: string;
  let problems: string[];

  before(async function () {
    browser = await prepareOrSkip(this, () => launchChromium());
    const read = async (name: string) => disk.readText(join(programs, name));
    document = pageDocument(
      { page: {}, title: 'Sequence Lab', product: '1.0.0', live: null, language: 'en', translations: {} },
      { script: await read('agent.js'), style: await read('agent.css'), liveScript: '' },
    );
  });

  after(async () => browser?.close());

  afterEach(async () => {
    await page.context().close();
    assert.deepEqual(problems, []);
  });

  /** Opens the page in a host with a theme. */
  async function open(context: object, width: number): Promise<Frame> {
    const opened = await browser.newContext({ viewport: { width, height: 800 }, offline: true, colorScheme: 'light' });
    page = await opened.newPage();
    problems = [];
    page.on('console', (line) => problems.push(line.text()));
    page.on('pageerror', (error) => problems.push(error.message));
    page.on('request', (request) => {
      if (!/^(about|data|blob):/.test(request.url())) problems.push(request.url());
    });
    await page.setContent('<!DOCTYPE html><iframe sandbox="allow-scripts" style="width: 100%; border: 0"></iframe>');
    await page.evaluate(`globalThis.context = ${JSON.stringify(context)}; ${HOST}`);
    await page.evaluate(
      `frame.srcdoc = ${JSON.stringify(document)}`.replace('frame.', 'document.querySelector("iframe").'),
    );
    await until({ page }, `received.some(({ method }) => method === 'ui/notifications/initialized')`);
    const frame = page.frames().find((each) => each !== page.mainFrame());
    assert.ok(frame);
    return frame;
  }

  const send = async (message: object) => page.evaluate(`send(${JSON.stringify(message)})`);
  const show = async (params: object) => send({ method: 'ui/notifications/tool-result', params });
  const picture = async (shown: AgentPicture) => show({ content: [], _meta: { [PICTURE_KEY]: shown } });

  for (const [name, shown] of Object.entries(pictures))
    for (const theme of ['dark', 'light'] as const)
      for (const width of [360, 900])
        it(`shows ${name} in a ${theme} theme, ${width} pixels wide, for everyone`, async () => {
          const frame = await open({ theme }, width);
          await picture(shown);
          await until({ page: frame }, 'document.querySelector("canvas")?.width > 100');
          assert.equal(await frame.evaluate('document.body.className'), `vscode-${theme}`);
          assert.equal(await frame.locator('h1').innerText(), shown.title);
          assert.equal(await frame.locator('b').count(), 0);
          assert.ok((await overflow({ page: frame })) <= 0);
          // The host has made the frame as high as the page.
          await until({ page: frame }, 'document.documentElement.scrollHeight <= innerHeight');
          assert.deepEqual(await accessibilityProblems({ page: frame }), []);
          if (shots !== '')
            await writeFile(
              join(shots, `agent-${name}-${theme}-${width}.png`),
              await page.screenshot({ fullPage: true }),
            );
          // The values are there as a table, too.
          await frame.locator('[data-tool="table"]').click();
          await until({ page: frame }, 'document.querySelectorAll("table td").length > 3');
        });

  it('follows a theme that the host changes, and takes that of the system without one', async () => {
    const frame = await open({}, 600);
    await picture(curves);
    await until({ page: frame }, 'document.body.className === "vscode-light"');
    await send({ method: 'ui/notifications/host-context-changed', params: { theme: 'dark' } });
    await until({ page: frame }, 'document.body.className === "vscode-dark"');
    await send({ method: 'ui/notifications/host-context-changed', params: { displayMode: 'inline' } });
    await send({ id: 'ping-1', method: 'ping' });
    await until({ page }, 'received.some(({ id }) => id === "ping-1")');
    assert.equal(await frame.evaluate('document.body.className'), 'vscode-dark');
  });

  it('shows the text of a result without a picture, and ignores messages that are none', async () => {
    const frame = await open({ theme: 'dark' }, 600);
    for (const message of [{}, { method: 'ui/unknown' }, { method: 'ui/notifications/tool-result', params: 7 }])
      await send(message);
    await show({ isError: true, content: [{ type: 'text', text: 'There is no run <b>"x"</b>.' }] });
    await until({ page: frame }, 'document.querySelector(".answer")');
    assert.equal(await frame.locator('.answer').innerText(), 'There is no run <b>"x"</b>.');
    await show({ content: [{ type: 'text', text: 'second' }], _meta: { [PICTURE_KEY]: { kind: 'unknown' } } });
    await until({ page: frame }, 'document.querySelector(".answer").textContent === "second"');
    await send({ method: 'ui/notifications/tool-cancelled', params: { reason: 'user' } });
    await until({ page: frame }, '!document.querySelector(".answer")');
    await send({ id: 9, method: 'ui/resource-teardown', params: {} });
    await until({ page }, 'received.some(({ id, result }) => id === 9 && result)');
  });
});
