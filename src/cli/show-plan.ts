import { formatDuration } from '../base/duration.ts';
import type { Plan, PlannedItem, PlannedTouch } from '../gate/plan.ts';
import { summaryOf, type Summary, type Taken } from '../gate/plan/summary.ts';
import { visible } from '../report/visible.ts';
import type { Io } from './io.ts';
import { paint, wrap } from './style.ts';

/** A plan for people: whom it wakes first, what it touches after that. */
export function showPlan(plan: Plan, title: string, io: Io): string {
  const summary = summaryOf(plan);
  const touching = plan.items.filter(({ touches }) => touches.length > 0);
  const untold = plan.items.filter((item) => item.untold.length > 0);
  const counted = plan.items.length === 1 ? '1 item' : `${String(plan.items.length)} items`;
  const sections = [
    [paint(io.color, 'bold', visible(title)), `${counted}, environment ${plan.environment}. Only a plan: nothing was sent or changed.`],
    wakes(summary, plan, io),
    section(
      'Would tell, without waking anybody',
      summary.tells.flatMap((each) => showTaken(each, '  ', io)),
      io,
    ),
    section(
      'Held back now, so nobody is told unless that ends',
      summary.heldBack.flatMap((each) => showHeld(each, io)),
      io,
    ),
    section(
      'Would touch',
      touching.flatMap((item) => showItem(item, io)),
      io,
    ),
    section(
      'Could not be told',
      untold.flatMap(({ id, untold: all }) => all.map((says) => put(`${id}: ${says}`, '  ', io))),
      io,
    ),
  ];
  return `${sections
    .filter(({ length }) => length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n')}\n`;
}

function section(heading: string, lines: readonly string[], io: Io): readonly string[] {
  return lines.length === 0 ? [] : [paint(io.color, 'bold', heading), ...lines];
}

function wakes({ wakes: people }: Summary, { rotation, items }: Plan, io: Io): readonly string[] {
  if (people.length === 0) {
    const isKnown = items.every(({ untold }) => untold.length === 0);
    return [paint(io.color, 'bold', isKnown ? 'Would wake: nobody' : 'Would wake: nobody, as far as could be told')];
  }
  const lines = people.flatMap(({ who, by }) => [put(who, '  ', io), ...by.flatMap((each) => showTaken(each, '    by ', io))]);
  const paged = items.some(({ touches }) =>
    touches.some(({ ways }) => ways.some((way) => way.wakes === 'on-call' && way.people.length > 0)),
  );
  const later = 'onCall' in rotation ? rotation.onCall.filter(({ level }) => level !== rotation.onCall[0]?.level) : [];
  const next = later.map(({ name, email }) => `${name} <${email}>`).join(', ');
  return [
    paint(io.color, ['bold', 'red'], 'Would wake, with --allow-paging:'),
    ...lines,
    ...(paged && next !== '' ? [put(`and, unless it is acknowledged in time: ${next}`, '  ', io)] : []),
  ];
}

function showTaken({ way, to, items, perhaps }: Taken, indent: string, io: Io): readonly string[] {
  const all = [...items, ...perhaps.map((id) => `${id} (perhaps)`)].join(', ');
  const inside = ' '.repeat(indent.search(/\S|$/) + 2);
  return [put(`${way}${to === undefined || to === way ? '' : ` (${to})`}`, indent, io), put(all, inside, io)];
}

function showHeld({ item, way, by }: Summary['heldBack'][number], io: Io): readonly string[] {
  return [put(`${item} on ${way}`, '  ', io), ...by.map((each) => put(each, '    ', io))];
}

function showItem({ id, statement, touches }: PlannedItem, io: Io): readonly string[] {
  return [put(id === statement ? id : `${id}: ${statement}`, '  ', io), ...touches.flatMap((touch) => showTouch(touch, io))];
}

function showTouch({ does, says, request, atMostMs, alerts, ways }: PlannedTouch, io: Io): readonly string[] {
  const lasts = atMostMs === undefined ? '' : ` (for ${formatDuration(atMostMs)} at most)`;
  const receivers = [...new Set(ways.flatMap(({ receiver }) => receiver ?? []))];
  const fires = does === 'fault' || does === 'take-away' ? 'may make fire: ' : 'alert: ';
  return [
    put(`${does.replace('-', ' ')}: ${says}${lasts}`, '    ', io),
    ...(request === undefined ? [] : [paint(io.color, 'gray', put(request, '      ', io))]),
    ...(alerts.length === 0 ? [] : [put(`${fires}${alerts.join(', ')} → ${receivers.join(', ') || 'no receiver'}`, '      ', io)]),
  ];
}

function put(text: string, indent: string, io: Io): string {
  const [first = '', ...rest] = wrap(visible(text), (io.columns ?? 80) - indent.length, '').split('\n');
  const inside = ' '.repeat(indent.length);
  return [`${indent}${first}`, ...rest.map((line) => `${inside}${line}`)].join('\n');
}
