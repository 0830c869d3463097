const DAY = 86_400_000;

/** Position of a time in each cycle of the calendar, from 0 to 1, in UTC. */
const cycles = {
  hour: (time: number) => (((time % DAY) + DAY) % DAY) / DAY,
  weekday: (time: number) => ((new Date(time).getUTCDay() + 6) % 7) / 7,
  day: (time: number) => (new Date(time).getUTCDate() - 1) / 31,
  month: (time: number) => new Date(time).getUTCMonth() / 12,
} as const satisfies Readonly<Record<string, (time: number) => number>>;

/** A cycle of the calendar: the time of day, the day of the week or of the month, or the month of the year. */
export type CalendarCycle = keyof typeof cycles;

export const CALENDAR_CYCLES = Object.keys(cycles) as readonly CalendarCycle[];

/** The cycles of a list separated by commas, each once. */
export function cyclesOf(list: string): CalendarCycle[] {
  const named = list.split(',').map((name) => name.trim());
  return CALENDAR_CYCLES.filter((cycle) => named.includes(cycle));
}

/** Sine and cosine of a time in each cycle, `[2 * cycles]`: close for close times, also over the end of a cycle. */
export function calendarFeatures(time: number, chosen: readonly CalendarCycle[]): number[] {
  return chosen.flatMap((cycle) => {
    const angle = 2 * Math.PI * cycles[cycle](time);
    return [Math.sin(angle), Math.cos(angle)];
  });
}
