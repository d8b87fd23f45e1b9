import { createHash } from 'node:crypto';
import { decisionText } from '../../gate/decide.ts';
import type { Report } from '../../report/report.ts';
import type { KeptBytes } from '../../report/reporter.ts';
import { decisionBanner, runFacts } from './decision.ts';
import { checklist } from './items.ts';
import { markup, verbatim } from './markup.ts';
import { notices } from './notices.ts';
import { obstacles } from './obstacles.ts';
import { albumOf } from './pictures.ts';
import { style } from './style.ts';
import { overridden, requirements, sources } from './tables.ts';
import { howToVerify } from './verify.ts';

/** The browser itself is told that nothing may be fetched and no script may run. */
const policy = `default-src 'none'; img-src data:; style-src 'sha256-${createHash('sha256').update(style).digest('base64')}'; base-uri 'none'; form-action 'none'`;

/** The whole page. */
export function page(report: Report, evidence: KeptBytes): string {
  const album = albumOf(report, evidence);
  const { html } = markup`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<title>${decisionText[report.decision]}: ${report.title}</title>
<style>${verbatim(style)}</style>
</head>
<body>
<main>
${decisionBanner(report)}
${notices(report)}
${runFacts(report)}
${obstacles(report)}
${checklist(report, album)}
${requirements(report)}
${howToVerify(report)}
${sources(report)}
${overridden(report)}
</main>
</body>
</html>`;
  return `${html}\n`;
}
