import { reportFile, reportText } from '../report/report.ts';
import type { Reporter } from '../report/reporter.ts';

/** The report itself, for programs. */
const json: Reporter = {
  kind: 'json',
  summary: 'The whole report, for programs',
  file: reportFile,
  render: reportText,
};
export default json;
