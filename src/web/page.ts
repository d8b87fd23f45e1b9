import type { Board, Panel } from '../board/board.ts';
import { isRange, refIdOf } from '../board/grafana.ts';

/** Nothing but our own files, and no inline script: a label that reads like HTML stays a label. */
export const contentSecurityPolicy =
  "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/** A board's page. Its values come from the script, which asks for them at every refresh. */
export function boardPage({ board, title, purpose, refresh, panels }: Board): string {
  const sections = [...Map.groupBy(panels, (panel) => panel.section ?? '')];
  return document(
    title,
    `<header><h1>${text(title)}</h1>${purpose === undefined ? '' : `<p>${text(purpose)}</p>`}<p class="refreshed" role="status">Loading…</p></header>
<main data-board="${text(board)}" data-refresh-ms="${String(refresh)}">
${sections.map(([name, own]) => `<div class="group">${name === '' ? '' : `<h2 class="section">${text(name)}</h2>`}<div class="panels">\n${own.map(panelOf).join('\n')}\n</div></div>`).join('\n')}
</main>
<script type="module" src="/assets/board.js"></script>`,
  );
}

export function listPage(boards: readonly Board[]): string {
  const items = boards.map(
    ({ board, title, purpose = '' }) => `<li><a href="/d/${encodeURIComponent(board)}">${text(title)}</a> ${text(purpose)}</li>`,
  );
  return document('Boards', `<header><h1>Boards</h1></header><main><ul class="boards">${items.join('')}</ul></main>`);
}

function panelOf(panel: Panel): string {
  const queries = panel.queries.map(({ query, legend }, index) => ({ refId: `${panel.panel}:${refIdOf(index)}`, expr: query, legend }));
  const { show, unit, warning, critical, last, over } = panel;
  const told = JSON.stringify({ show, unit, warning, critical, last, over, isRange: isRange(panel), queries });
  return `<section class="panel ${show}" data-panel="${text(panel.panel)}" data-state="loading" data-spec="${text(told)}"><h3>${text(panel.title)}</h3><div class="content"></div></section>`;
}

function document(title: string, body: string): string {
  return `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>${text(title)} · liveproof</title>
<link rel="stylesheet" href="/assets/uPlot.min.css"><link rel="stylesheet" href="/assets/board.css"><link rel="icon" href="data:,"></head>
<body>
${body}
</body>
</html>
`;
}

function text(value: string): string {
  return value.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}
