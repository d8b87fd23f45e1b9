import { stateAt } from '../gate/apply-waiver.ts';
import { endOfWaiver } from '../gate/waiver.ts';
import type { Report, ReportItem } from './report.ts';

/** A waiver that a gate names, and what became of it. */
export interface ToldWaiver {
  readonly item: ReportItem;
  readonly isAccepted: boolean;
  /** One sentence without the item's name. */
  readonly says: string;
}

/** The report as it was decided upon: a waiver that ended while the run went on waives nothing, and whoever shows the item must not either. */
export function asDecided(report: Report): Report {
  const items = report.items.map((item): ReportItem => {
    const state = stateAt(item, Date.parse(report.finishedAt));
    if (state === item.state) return item;
    const { waiver: _ended, ...rest } = item;
    return { ...rest, state };
  });
  return { ...report, items };
}

/** Every waiver of a report, those first that it proceeds on: whoever reads it must meet them before anything else. */
export function waiversOf(report: Report): readonly ToldWaiver[] {
  const { waivers = [], startedAt, finishedAt } = report;
  const { items } = asDecided(report);
  const told = waivers.flatMap(({ item: id, by, reason, expires }): ToldWaiver[] => {
    const item = items.find((each) => each.id === id);
    if (item === undefined) return [];
    const { waiver, state } = item;
    if (waiver !== undefined) {
      const until = /T/.test(expires) ? `until ${expires}` : `until the end of ${expires} (UTC)`;
      return [{ item, isAccepted: true, says: `waived by ${by} ${until}: ${reason} (it is ${waiver.was})` }];
    }
    const endMs = endOfWaiver({ expires });
    const isCut = endMs > Date.parse(startedAt) && endMs <= Date.parse(finishedAt);
    const ended = `ended while the run went on, at ${new Date(endMs).toISOString()}`;
    const became = { proven: 'is not needed: the item is proven', blocked: 'waives nothing: the item was not tried' };
    return [
      {
        item,
        isAccepted: false,
        says: `the waiver by ${by} ${state === 'proven' || state === 'blocked' ? became[state] : isCut ? ended : 'does not count'}`,
      },
    ];
  });
  return told.toSorted((a, b) => Number(b.isAccepted) - Number(a.isAccepted));
}
