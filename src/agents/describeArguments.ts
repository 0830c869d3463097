import * as z from 'zod';

/** Number of problems that a message lists. */
const LISTED = 5;

/** Says what is wrong with the arguments of a call, and which arguments the tool takes. */
export function describeArguments(tool: string, input: z.ZodObject, { issues }: z.core.$ZodError): string {
  const lines = issues.slice(0, LISTED).map(({ path, message }) => {
    const place = path.map(String).join('.');
    return place === '' ? message : `${place}: ${message}`;
  });
  const names = Object.entries(input.shape).map(([name, schema]) =>
    z.safeParse(schema, undefined).success ? `${name}?` : name,
  );
  return `The arguments of ${tool} cannot be used. ${lines.join('; ')}. It takes: ${names.join(', ')}. Correct them and call it again.`;
}
