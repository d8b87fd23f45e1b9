import { formatDuration } from '../../base/duration.ts';
import { findingsOn, type Finding } from '../../gate/finding.ts';
import { formatMeasured } from '../../stack/samples.ts';
import type { AskedFacts, DashboardFacts, ShownFacts } from './facts.ts';
import type { DashboardRequirement } from './requirement.ts';

type Seen = Pick<DashboardFacts, 'shown'> & { readonly answers: DashboardFacts['answers'] };

/** Does every query of every panel give values, and are they of now? */
export function judgeAnswers({ board, freshWithin }: DashboardRequirement, { answers, shown }: Seen): readonly Finding[] {
  if (answers === undefined) return [];
  const about = findingsOn(board, 'answering');
  const why = 'refused' in shown ? [] : shown.unresolved;
  const wrong = answers.panels.flatMap(({ panel, queries }) =>
    queries.flatMap((query) => objection(about, `the panel "${panel}"`, query, { why, askedMs: answers.askedMs, freshWithin }) ?? []),
  );
  if (wrong.length > 0) return wrong;
  const count = answers.panels.reduce((sum, { queries }) => sum + queries.length, 0);
  if (count === 0) return [about.unknown('none of its panels asks anything')];
  return [about.yes(`all ${String(count)} queries of its panels give values, none older than ${formatDuration(freshWithin)}`)];
}

interface Against {
  readonly why: ShownFacts['unresolved'];
  readonly askedMs: number;
  readonly freshWithin: number;
}

function objection(
  about: ReturnType<typeof findingsOn>,
  where: string,
  query: AskedFacts,
  { why, askedMs, freshWithin }: Against,
): Finding | undefined {
  const { expression, dataSource, dataSourceRef, unresolved, values, refused, error, elsewhere, newestMs, stepMs = 0, oldest } = query;
  const [variable] = unresolved;
  if (variable !== undefined) {
    const reason = why.find((each) => each.variable === variable)?.says ?? 'it has no value';
    return about.unknown(`${where}: ${expression} cannot be asked, for the variable ${variable} has no value: ${reason}`);
  }
  if (dataSource === undefined) {
    const named =
      dataSourceRef === '' ? 'the default data source, and there is none' : `the data source "${dataSourceRef}", which is not there`;
    return about.no(`${where} asks ${named}`, 'name one that the server has, by its uid');
  }
  if (refused !== undefined) {
    const hint = refused === 404 ? 'is the data source that it names still there?' : 'may they ask its data source?';
    return about.no(`${where}: asking ${expression} is refused with HTTP ${String(refused)}`, hint);
  }
  if (error !== undefined) return about.no(`${where}: ${expression} fails: ${error}`, 'does its data source answer?');
  if (values === undefined || values === 0) {
    if (elsewhere === true) {
      const says = `${where} has no data: its data source "${dataSource}" has nothing for ${expression}, although the gate's Prometheus has`;
      return about.no(says, 'is that the right data source?');
    }
    return about.no(`${where} has no data: ${expression} gives nothing`, 'does the application export what it asks for?');
  }
  const limit = `${formatDuration(freshWithin)} are allowed`;
  if (newestMs !== undefined && askedMs - newestMs > freshWithin + stepMs) {
    const says = `${where} gives old values: the newest of ${expression} is ${formatMeasured(askedMs - newestMs)} old; ${limit}`;
    return about.no(says, 'has the series ended, does a cache stand between, or do the clocks differ?');
  }
  if (oldest !== undefined && askedMs - oldest.newestMs > freshWithin) {
    const says = `${where} gives old values: the newest sample of ${oldest.selector} is ${formatMeasured(askedMs - oldest.newestMs)} old; ${limit}`;
    return about.no(says, 'has the series ended, or is it no longer scraped?');
  }
  return undefined;
}
