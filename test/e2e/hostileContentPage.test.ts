import assert from 'node:assert/strict';
import type * as z from 'zod';
import type { Contract, Functions } from '../../src/protocol/rpc.ts';
import { Generator } from '../../src/random/generator.ts';
import { allPages, type PageContent, type Sent } from '../fixtures/panelPage/allPages.ts';
import { until } from '../fixtures/panelPage/checks.ts';
import { bundlePage, type PageHolder, WebviewPage } from '../fixtures/panelPage/webviewPage.ts';
import { pageBoundaries } from '../fuzz/boundaries.ts';
import { HOSTILE } from '../fuzz/hostile.ts';
import { mutatedMessage, validMessage } from '../fuzz/messages.ts';
import { packed, unpackInPage } from '../fuzz/packed.ts';
import { sampleOf } from '../fuzz/sample.ts';
import { Spoiler } from '../fuzz/spoiled.ts';
import { describeInBrowser } from '../harness/pages.ts';

/** Messages to each page; `npm run fuzz -- --pages N` sends N. */
const MESSAGES = Number(process.env['SEQUENCE_LAB_PAGE_MESSAGES'] ?? 150);
/** Messages that are sent at once, and then drawn. */
const GROUP = 25;
/** Number of parts of a page that are opened in each of its states. */
const MOST_OPENED = 25;

/** A page with a host that answers everything. */
async function opened(pages: PageHolder, name: keyof typeof pageBoundaries, { spoil }: { readonly spoil: boolean }) {
  const { host, page: functions }: { host: Contract; page: Contract } = pageBoundaries[name];
  const { answers = {} }: PageContent = allPages[name];
  const web = await WebviewPage.in(pages, {});
  const spoiler = new Spoiler();
  const random = Generator.forPurpose(1, name);
  const reports: string[] = [];
  const answerOf = (called: string, result: z.ZodType | undefined) => async (request: never) => {
    if (called === 'report') reports.push((request as { readonly message: string }).message);
    if (!result) return undefined;
    const answer = (await answers[called]?.(request)) ?? validSample(result, random);
    return spoil ? spoiler.spoiled(result, answer) : answer;
  };
  const remote = web.connect({
    serves: host,
    functions: Object.fromEntries(
      Object.entries(host).map(([called, { result }]) => [called, answerOf(called, result)]),
    ) as Functions<Contract>,
    calls: functions,
  });
  const send = async ([called, ...args]: Sent) => {
    const schema = functions[called]?.args;
    assert.ok(schema, called);
    assert.ok(schema.safeParse(args).success, `the message "${called}" is not valid`);
    const sent = spoil ? (spoiler.spoiled(schema, args) as unknown[]) : args;
    await remote[called]?.(...(sent as never[]));
  };
  await web.open({});
  return { web, send, reports, random, contract: functions };
}

function validSample(schema: z.ZodType, random: Generator): unknown {
  for (let i = 0; i < 100; i++) {
    const sample = sampleOf(schema, random);
    if (schema.safeParse(sample).success) return sample;
  }
  throw new Error('No sample of the schema is valid.');
}

/** What a text must never become: elements that load or run something, handlers of events, links that run. */
const FORBIDDEN = `(() => {
  const elements = 'img, iframe, frame, object, embed, base, style, form[action], audio, video, use, image, foreignObject';
  const own = document.querySelectorAll('script').length === 3 ? [] : ['script'];
  const found = [...document.querySelectorAll(elements)].map((each) => each.outerHTML.slice(0, 100));
  for (const element of document.querySelectorAll('*'))
    for (const { name, value } of element.attributes) {
      if (name.startsWith('on')) found.push(element.localName + ' ' + name);
      if (name === 'href' && !/^(https?:|#)/.test(value) && element.localName !== 'link') found.push(value.slice(0, 100));
      if (name === 'style' && value.includes('url(')) found.push(value.slice(0, 100));
    }
  return [...own, ...found];
})()`;

/** Texts of the page: of its nodes, of its fields, and of the names for screen readers. */
const TEXTS = `[
  document.body.textContent,
  ...[...document.querySelectorAll('input, textarea, select')].map(({ value }) => value),
  ...[...document.querySelectorAll('[aria-label], [title]')].flatMap((each) => [each.ariaLabel, each.title]),
].join('\\n')`;

for (const [page, { script, style, opens, messages }] of Object.entries(allPages)) {
  const name = page as keyof typeof pageBoundaries;
  describeInBrowser(
    `the page ${name} with hostile content`,
    () => bundlePage(script, style),
    (pages) => {
      it('shows it as text, in all its parts', async () => {
        const { web, send, reports } = await opened(pages, name, { spoil: true });
        const seen = new Set<string>();
        const look = async () => {
          assert.deepEqual(await web.page.evaluate(FORBIDDEN), []);
          const text = await web.page.evaluate<string>(TEXTS);
          for (const hostile of HOSTILE) if (text.includes(hostile)) seen.add(hostile);
        };
        for (const group of await messages()) {
          for (const message of group) await send(message);
          await web.idle();
          await look();
          for (const part of (await web.page.locator(opens).all()).slice(0, MOST_OPENED)) {
            if (!(await part.isVisible())) continue;
            await part.click({ force: true });
            await look();
          }
        }
        assert.ok(seen.size > 0, 'no hostile text was shown');
        assert.deepEqual(reports, []);
      });

      it(`goes on after ${MESSAGES} mutated messages, and shows what follows`, async function () {
        this.timeout(240_000 + 500 * MESSAGES);
        const { web, send, reports, random, contract } = await opened(pages, name, { spoil: false });
        const groups = await messages();
        const names = Object.keys(contract);
        const real = groups.flat().map(([m, ...a]) => ({ m, a, t: 'q' }));
        for (const message of groups[0] ?? []) await send(message);
        for (let sent = 0; sent < MESSAGES; sent += GROUP) {
          const group = Array.from({ length: GROUP }, () => {
            if (random.nextBelow(2) === 0) return mutatedMessage(real[random.nextBelow(real.length)], random);
            const valid = validMessage(contract, names[random.nextBelow(names.length)] ?? '', random);
            return random.nextBelow(2) === 0 ? valid : mutatedMessage(valid, random);
          });
          await web.page.evaluate(unpackInPage, packed(group));
          await web.idle();
        }
        assert.ok(reports.length > 0, 'refused messages are reported to the host, which logs them');
        assert.deepEqual(await web.page.evaluate(FORBIDDEN), []);
        assert.equal(await web.page.evaluate('Object.keys(Object.prototype).length + Number("harmed" in {})'), 0);
        for (const message of groups[0] ?? []) await send(message);
        await web.idle();
        await until(web, 'document.querySelector("#root").textContent.length > 50');
      });
    },
  );
}
