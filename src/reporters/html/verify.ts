import { sha256 } from '../../base/digest.ts';
import { evidenceFolder, pdfFile, reportFile, reportText, type Report } from '../../report/report.ts';
import { markup, type Markup } from './markup.ts';

/** How a reader who trusts neither this page nor its sender comes to the same decision. */
export function howToVerify(report: Report): Markup {
  const files = new Set([...report.items.flatMap(({ evidence }) => evidence), ...report.sources.map(({ kept }) => kept)]).size;
  return markup`<section aria-labelledby="verify"><h2 id="verify">Check this report yourself</h2>
<p>This page only shows what <code>${reportFile}</code> says. With the whole folder and the public key of whoever may run the gate, the signature, every digest and the age are checked, and the decision is worked out again from the recorded evidence:</p>
<pre><code>liveproof verify FOLDER${report.signature !== undefined && ' --key PUBLIC_KEY'}</code></pre>
<p>It also renders this page again and compares it. <code>${pdfFile}</code> cannot be compared that way: it stands by the signature alone.</p>
<dl class="facts"><div><dt>SHA-256 of ${reportFile}</dt><dd><code>${sha256(reportText(report))}</code></dd></div>
<div><dt>Evidence</dt><dd>${files} files in <code>${evidenceFolder}/</code>, each named by its own SHA-256</dd></div>
<div><dt>Written by</dt><dd>liveproof ${report.tool.version}</dd></div></dl></section>`;
}
