import { rungOf } from '../../../gate/grade.ts';
import type { Policy } from '../../policy.ts';
import type { ReportItem } from '../../report.ts';
import { conclude, no, type Trouble, type VerifyCheck } from '../check.ts';
import type { PolicyInput } from './input.ts';

/** Whether every item of a severity was proven as far as the policy asks. A line that no item answers asks in vain, and is refused. */
export function checkGrades({ grades }: Policy, input: PolicyInput): readonly VerifyCheck[] {
  if (grades.length === 0) return [];
  const answering: ReportItem[] = [];
  const troubles = grades.flatMap(({ severity, proof, grade }): readonly Trouble[] => {
    const items = input.report.items.filter((item) => item.severity === severity && item.proof === proof);
    if (items.length === 0) return [no(`the policy asks for "${grade}" of ${severity} ${proof} items, and the report has none`)];
    answering.push(...items);
    return items.flatMap((item) => fallsShort(item, grade, input, `of severity ${severity}`));
  });
  return conclude('policy-grades', troubles, `${itemCount(answering)} of ${severities(grades)} proven as far as the policy asks`);
}

/** Whether the items that the policy names are there, and proven as far as it asks. */
export function checkItems({ items }: Policy, input: PolicyInput): readonly VerifyCheck[] {
  if (items.length === 0) return [];
  const find = (id: string): ReportItem | undefined => input.report.items.find((each) => each.id === id);
  const troubles = items.flatMap(({ id, grade }): readonly Trouble[] => {
    const item = find(id);
    if (item === undefined) return [no(`the policy asks for an item "${id}", and the report has none`)];
    return fallsShort(item, grade ?? item.requiredGrade, input, 'by its name');
  });
  const named = items.map(({ id }) => (find(id)?.state === 'waived' ? `${id} (waived)` : id));
  return conclude('policy-items', troubles, `${named.join(', ')} proven as far as the policy asks`);
}

function fallsShort(item: ReportItem, grade: string, { proofs }: PolicyInput, because: string): readonly Trouble[] {
  // Whether a waiver is accepted is for the waivers' own line to say.
  if (item.state === 'waived') return [];
  const ladder = proofs.get(item.proof)?.ladder ?? [];
  const asked = rungOf(ladder, grade);
  const wanted = `the policy asks for "${grade}" ${because}`;
  if (asked < 0) return [no(`item "${item.id}": ${wanted}, which a ${item.proof} proof cannot reach`)];
  if (item.state !== 'proven') return [no(`item "${item.id}" is ${item.state}: ${wanted}`)];
  return rungOf(ladder, item.grade) < asked ? [no(`item "${item.id}" was proven up to "${item.grade}": ${wanted}`)] : [];
}

function itemCount(items: readonly ReportItem[]): string {
  const waived = items.filter(({ state }) => state === 'waived').length;
  const proven = items.length - waived;
  const counted = proven === 1 ? '1 item' : `${String(proven)} items`;
  return waived === 0 ? counted : `${counted} (and ${String(waived)} waived)`;
}

function severities(grades: Policy['grades']): string {
  return [...new Set(grades.map(({ severity }) => severity))].join(', ');
}
