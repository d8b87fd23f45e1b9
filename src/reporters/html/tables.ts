import { coverage, type Covered } from '../../report/coverage.ts';
import type { Report } from '../../report/report.ts';
import { evidenceLink } from './links.ts';
import { markup, type Markup } from './markup.ts';
import { stateBadge } from './words.ts';

/** Every requirement with whatever stands for it: read across items, it shows whether anything was left out. */
export function requirements(report: Report): Markup | false {
  const covered = coverage(report);
  if (covered.length === 0) return false;
  return markup`<section aria-labelledby="requirements"><h2 id="requirements">Requirements, one by one</h2>
<table class="requirements"><thead><tr><th scope="col">Requirement</th><th scope="col">State and grade</th><th scope="col">Shown by</th></tr></thead>
<tbody>${covered.map(requirement)}</tbody></table></section>`;
}

function requirement({ ref, by, state, grade }: Covered): Markup {
  const witnesses = by.map((each, index) => markup`${index > 0 && ', '}<code>${each}</code>`);
  return markup`<tr><th scope="row">${ref}</th><td>${stateBadge(state)} <span class="quiet">${grade}</span></td><td>${witnesses}</td></tr>`;
}

/** The files that the gate was loaded from, as they were. */
export function sources(report: Report): Markup {
  const rows = report.sources.map(
    ({ role, path, sha256, kept }) =>
      markup`<tr><th scope="row"><code>${path}</code></th><td>${role}</td><td>${evidenceLink(kept, kept === sha256 ? 'as it was' : 'without its secrets')}</td></tr>`,
  );
  return markup`<section aria-labelledby="sources"><h2 id="sources">What was asked</h2>
<table class="sources"><thead><tr><th scope="col">File</th><th scope="col">Role</th><th scope="col">Kept</th></tr></thead><tbody>${rows}</tbody></table></section>`;
}

/** In what the environment makes the run differ from the gate as written. */
export function overridden({ overrides }: Report): Markup | false {
  if (overrides.length === 0) return false;
  const rows = overrides.map(
    ({ path, from, to }) =>
      markup`<tr><th scope="row"><code>${path}</code></th><td><code>${value(from)}</code></td><td><code>${value(to)}</code></td></tr>`,
  );
  return markup`<section aria-labelledby="overrides"><h2 id="overrides">Where this run differs from the gate as written</h2>
<table class="dense"><thead><tr><th scope="col">Key</th><th scope="col">As written</th><th scope="col">In this run</th></tr></thead><tbody>${rows}</tbody></table></section>`;
}

function value(of: unknown): string {
  return of === undefined ? 'not set' : typeof of === 'string' ? of : JSON.stringify(of);
}
