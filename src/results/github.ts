import { annotation, type Checkout } from '../format/github.ts';
import { visible } from '../report/visible.ts';
import type { CheckResult, Results } from './results.ts';

/** An annotation of GitHub Actions for each check that did not pass, at its line: errors for failures, warnings for what could not be told. */
export function resultsGithub({ checks }: Results, checkout: Checkout): string {
  return checks
    .filter(({ status }) => status !== 'pass')
    .toSorted((a, b) => order(a) - order(b))
    .map(({ name, statement, status, reasons, runbook, declaredAt }) => {
      const says = `${statement === name ? '' : `${statement}: `}${reasons.join('; ')}${runbook === undefined ? '' : ` → ${runbook}`}`;
      const title = visible(`${name}: ${status === 'fail' ? 'failed' : 'could not be told'}`);
      return `${annotation({ level: status === 'fail' ? 'error' : 'warning', place: declaredAt, title, says: visible(says) }, checkout)}\n`;
    })
    .join('');
}

/** GitHub shows ten of each: failures of other people's things come first. */
function order({ status }: CheckResult): number {
  return status === 'fail' ? 0 : 1;
}
