import type { Report, ReportItem } from './report.ts';

/** A waiver that a gate names, and what became of it. */
export interface ToldWaiver {
  readonly item: ReportItem;
  readonly isAccepted: boolean;
  /** One sentence without the item's name. */
  readonly says: string;
}

/** Every waiver of a report, those first that it proceeds on: whoever reads it must meet them before anything else. */
export function waiversOf({ waivers = [], items }: Report): readonly ToldWaiver[] {
  const told = waivers.flatMap(({ item: id, by, reason, expires }): ToldWaiver[] => {
    const item = items.find((each) => each.id === id);
    if (item === undefined) return [];
    const { waiver, state } = item;
    if (waiver !== undefined) {
      const until = /T/.test(expires) ? `until ${expires}` : `until the end of ${expires} (UTC)`;
      return [{ item, isAccepted: true, says: `waived by ${by} ${until}: ${reason} (it is ${waiver.was})` }];
    }
    const became = { proven: 'is not needed: the item is proven', blocked: 'waives nothing: the item was not tried' };
    return [
      {
        item,
        isAccepted: false,
        says: `the waiver by ${by} ${state === 'proven' || state === 'blocked' ? became[state] : 'does not count'}`,
      },
    ];
  });
  return told.toSorted((a, b) => Number(b.isAccepted) - Number(a.isAccepted));
}
