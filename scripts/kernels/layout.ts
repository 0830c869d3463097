import { adamNumbers, adamTensors, Job, layout, rnnActivations } from '../../src/kernels/wasm/layout.ts';

/** Returns the source of the kernels' module `layout`: addresses, including those of the arguments of Adam. */
export function layoutSource(): string {
  const numbers = layout.ARGUMENTS + 4 * (adamTensors.length + 1);
  const addresses = [
    ...Object.entries(layout),
    ...adamNumbers.map((name, index) => [constantName(name), numbers + 4 * index] as const),
  ];
  return [
    ...addresses.map(([name, address]) => `export const ${name}: usize = ${address};`),
    ...adamTensors.map((name, index) => `export const ADAM_${constantName(name)}: i32 = ${index};`),
    `export const ADAM_SIZE: i32 = ${adamTensors.length};`,
  ].join('\n');
}

/** Returns the source of the kernels' module `jobs`: numbers of the jobs and of enumerated arguments. */
export function jobsSource(): string {
  return [enumSource('Job', Job), enumSource('Activation', rnnActivations)].join('\n');
}

function enumSource(name: string, members: Readonly<Record<string, number>>): string {
  const lines = Object.entries(members).map(([member, value]) => `  ${member} = ${value},`);
  return [`export const enum ${name} {`, ...lines, '}'].join('\n');
}

/** Converts camel case to a constant's name, such as oneMinusBeta1 to ONE_MINUS_BETA1. */
function constantName(name: string): string {
  return name.replaceAll(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase();
}
