import type { Judged, Tried } from './runs.ts';

/** Prints the tables as Markdown, and the cases in which a verdict is wrong. */
export function printTables(judged: readonly Judged[], tried: readonly Tried[]): void {
  for (const kind of ['flow', 'learning'] as const) {
    const cases = judged.filter((each) => each.kind === kind);
    const right = cases.filter(({ isRight }) => isRight).length;
    console.log(`\n### Verdicts on ${kind}: ${right} of ${cases.length} right\n`);
    const verdicts = unique(cases.map(({ verdict }) => verdict));
    print(
      ['truth', ...verdicts],
      unique(cases.map(({ truth }) => truth)).map((truth) => [
        truth,
        ...verdicts.map((verdict) => cases.filter((each) => each.truth === truth && each.verdict === verdict).length),
      ]),
    );
    for (const { name, truth, verdict, isRight } of cases)
      if (!isRight) console.log(`- ${name}: ${verdict}, but the truth is ${truth}`);
  }
  console.log('\n### Advice\n');
  print(
    ['occasion and advice', 'tried', 'helped', 'complaint gone', 'loss lower'],
    unique(tried.map(({ key }) => key)).map((key) => {
      const these = tried.filter((each) => each.key === key);
      const share = (helped: (each: Tried) => boolean) =>
        `${Math.round((100 * these.filter(helped).length) / these.length)} %`;
      return [key, these.length, share(hasHelped), share(({ isGone }) => isGone), share(({ isLower }) => isLower)];
    }),
  );
}

function print(head: readonly string[], rows: readonly (readonly (string | number)[])[]): void {
  console.log(`| ${head.join(' | ')} |\n|${head.map(() => ' --- ').join('|')}|`);
  for (const row of rows) console.log(`| ${row.join(' | ')} |`);
}

function unique(values: readonly string[]): string[] {
  return [...new Set(values)].sort();
}

/** Whether the thing complained about is gone, or the loss is lower. */
function hasHelped({ isGone, isLower }: Tried): boolean {
  return isGone || isLower;
}

/** Trial runs and helped ones of each piece of advice, as the product reads them. */
export function oddsOf(tried: readonly Tried[]): Record<string, { tried: number; helped: number }> {
  return Object.fromEntries(
    unique(tried.map(({ key }) => key)).map((key) => {
      const these = tried.filter((each) => each.key === key);
      return [key, { tried: these.length, helped: these.filter(hasHelped).length }];
    }),
  );
}
