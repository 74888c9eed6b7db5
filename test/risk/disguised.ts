/** Commands in disguise, with what the worst effect of each must at least be. */
export interface Disguised {
  readonly tierMin: number;
  readonly pointsMin: number;
  readonly commands: readonly string[];
}

/** One row a command, for a table of tests. */
export function rowsOf(lists: readonly Disguised[]): readonly (readonly [string, number, number])[] {
  return lists.flatMap(({ tierMin, pointsMin, commands }) =>
    commands.map((command) => [command, tierMin, pointsMin] as const),
  );
}
