import { htmlFile } from '../report/report.ts';
import { asDecided } from '../report/waived.ts';
import type { Reporter } from '../report/reporter.ts';
import { page } from './html/page.ts';

/** The report as people forward it: one file that asks nobody for anything, and needs no script. */
const html: Reporter = {
  kind: 'html',
  summary: 'One page for people: the decision, every reason, pictures and the way of every signal',
  file: htmlFile,
  render: (report, evidence = () => undefined) => page(asDecided(report), evidence),
};
export default html;
