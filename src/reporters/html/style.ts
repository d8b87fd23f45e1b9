/** One style sheet for screen, dark screen, phone and paper. Every pair of colours has at least 4.5:1. */
export const style = `
:root {
  color-scheme: light dark;
  --page: #f4f6f8; --card: #ffffff; --text: #1b2129; --quiet: #525c69; --line: #d3d9e0; --link: #0a4f9e; --code: #eef1f5;
  --proven: #17663a; --disproven: #a3211b; --inconclusive: #7a4b00; --blocked: #4b5563; --waived: #643a9b;
  --proven-tint: #e5f4eb; --disproven-tint: #fcebea; --inconclusive-tint: #fdf2dc; --blocked-tint: #eceff3; --waived-tint: #f1eafb;
}
@media (prefers-color-scheme: dark) {
  :root {
    --page: #11151b; --card: #1a2028; --text: #e9edf2; --quiet: #aab4c0; --line: #38424e; --link: #8fc1ff; --code: #262e38;
    --proven: #7ddba3; --disproven: #ffa39b; --inconclusive: #f4c771; --blocked: #bcc5d0; --waived: #d2b7f8;
    --proven-tint: #16301f; --disproven-tint: #3a1a18; --inconclusive-tint: #35270c; --blocked-tint: #272e37; --waived-tint: #2c2140;
  }
}
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; }
body { margin: 0; background: var(--page); color: var(--text); font: 16px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif; overflow-wrap: anywhere; }
main { max-width: 66rem; margin: 0 auto; padding: 0 1.25rem 3rem; }
h2 { font-size: 1.3rem; line-height: 1.25; margin: 2.25rem 0 .75rem; }
h3 { font-size: 1.05rem; margin: 1.5rem 0 .5rem; }
h3 .quiet { font-weight: 400; }
p { margin: .5rem 0; }
a { color: var(--link); text-underline-offset: .15em; }
a:focus-visible, summary:focus-visible { outline: 3px solid var(--link); outline-offset: 2px; border-radius: 3px; }
code, pre { font: .875em/1.45 ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace; }
code { background: var(--code); padding: .05em .3em; border-radius: 4px; }
pre { background: var(--code); padding: .75rem 1rem; border-radius: 6px; white-space: pre-wrap; }
pre code { padding: 0; }
.quiet { color: var(--quiet); font-size: .9em; }
.unseen { position: absolute; width: 1px; height: 1px; margin: -1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
ul.plain { list-style: none; margin: .5rem 0; padding: 0; }
ul.plain > li { padding: .2rem 0; }

.banner { margin: 0 -1.25rem; padding: 2rem 1.25rem 1.75rem; color: #ffffff; background: #8c1d18; }
.banner.proceed { background: #14552f; }
.banner.proceed-with-waivers { background: #563189; }
.banner h1 { font-size: 1.25rem; font-weight: 600; line-height: 1.3; margin: .15rem 0 .75rem; }
.banner .kicker { margin: 0; font-size: .9rem; }
.banner .verdict { font-size: clamp(2rem, 7vw, 3.25rem); font-weight: 800; line-height: 1.05; letter-spacing: -.01em; margin: 0 0 .6rem; }
.banner .meaning { margin: 0; max-width: 46rem; }

.counts svg { display: block; width: calc(100% + 2.5rem); height: 10px; margin: 0 -1.25rem; }
.counts rect.proven { fill: var(--proven); } .counts rect.disproven { fill: var(--disproven); } .counts rect.inconclusive { fill: var(--inconclusive); }
.counts rect.blocked { fill: var(--blocked); } .counts rect.waived { fill: var(--waived); }
.counts ul { list-style: none; display: flex; flex-wrap: wrap; gap: .5rem 1.5rem; margin: 1rem 0 0; padding: 0; }
.counts strong { font-size: 1.4rem; font-variant-numeric: tabular-nums; }

.badge { display: inline-block; padding: .05em .55em; border-radius: 1em; font-size: .85rem; font-weight: 600; white-space: nowrap; color: var(--blocked); background: var(--blocked-tint); }
.badge.proven { color: var(--proven); background: var(--proven-tint); }
.badge.disproven { color: var(--disproven); background: var(--disproven-tint); }
.badge.inconclusive { color: var(--inconclusive); background: var(--inconclusive-tint); }
.badge.waived { color: var(--waived); background: var(--waived-tint); }
.severity { display: inline-block; padding: 0 .45em; border: 1px solid currentColor; border-radius: 4px; font-size: .8rem; font-weight: 600; }

.notice { margin: 1.25rem 0; padding: .9rem 1.1rem; border-left: 5px solid var(--inconclusive); background: var(--inconclusive-tint); border-radius: 4px; }
.notice.waived { border-color: var(--waived); background: var(--waived-tint); }
.notice h2 { font-size: 1.05rem; margin: 0; }
.notice .terms { margin: .1rem 0 .4rem; }
.notice summary { cursor: pointer; }

.facts { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(19rem, 100%), 1fr)); gap: .6rem 1.5rem; margin: 1.5rem 0; padding: 1rem 1.1rem; background: var(--card); border: 1px solid var(--line); border-radius: 8px; }
.facts dt { color: var(--quiet); font-size: .85rem; }
.facts dd { margin: 0; }

.glance ul { list-style: none; display: grid; grid-template-columns: repeat(auto-fill, minmax(min(17rem, 100%), 1fr)); gap: .4rem .8rem; margin: .5rem 0; padding: 0; }
.glance li { display: flex; justify-content: space-between; gap: .5rem; padding: .4rem .7rem; background: var(--card); border: 1px solid var(--line); border-left: 5px solid var(--proven); border-radius: 6px; }
.glance li.lacking { border-left-color: var(--disproven); }
.glance a { min-width: 0; overflow-wrap: break-word; }
.glance li > span { color: var(--proven); } .glance li.lacking > span { color: var(--disproven); }

table { width: 100%; border-collapse: collapse; margin: .5rem 0; background: var(--card); border: 1px solid var(--line); }
th, td { text-align: left; vertical-align: top; padding: .45rem .7rem; border-top: 1px solid var(--line); font-weight: 400; }
thead th { border-top: 0; color: var(--quiet); font-size: .85rem; }
thead th, .sources td:nth-child(2) { overflow-wrap: normal; }
caption { text-align: left; padding: .35rem 0; font-weight: 600; }
caption .quiet { font-weight: 400; display: block; }
.obstacles tbody th { width: 13rem; } .requirements tbody th { width: 8rem; } .requirements td:nth-child(2) { width: 15rem; }

.item { margin: .4rem 0; background: var(--card); border: 1px solid var(--line); border-left: 5px solid var(--blocked); border-radius: 6px; scroll-margin-top: 1rem; }
.item.proven { border-left-color: var(--proven); } .item.disproven { border-left-color: var(--disproven); }
.item.inconclusive { border-left-color: var(--inconclusive); } .item.waived { border-left-color: var(--waived); }
.item > summary { cursor: pointer; padding: .6rem 2.2rem .6rem .9rem; list-style: none; position: relative; }
.item > summary::-webkit-details-marker { display: none; }
.item > summary::after { content: ""; position: absolute; right: 1rem; top: 1.05rem; width: .5rem; height: .5rem; border: solid var(--quiet); border-width: 0 2px 2px 0; transform: rotate(45deg); }
.item[open] > summary::after { transform: rotate(225deg); top: 1.3rem; }
.item h4 { display: inline; font-size: 1rem; font-weight: 600; margin: 0; }
.item .line { display: flex; flex-wrap: wrap; gap: .2rem .8rem; margin-top: .2rem; color: var(--quiet); font-size: .9rem; }
.item .body { padding: 0 .9rem .8rem; }
.item:target { outline: 3px solid var(--link); outline-offset: 2px; }

.ladder { list-style: none; display: flex; flex-wrap: wrap; gap: .35rem; margin: .3rem 0 .8rem; padding: 0; font-size: .85rem; }
.ladder li { padding: .1rem .6rem; border: 1px solid var(--line); border-radius: 4px; color: var(--quiet); }
.ladder .reached { color: var(--proven); background: var(--proven-tint); border-color: transparent; }
.ladder .missing { color: var(--disproven); background: var(--disproven-tint); border-color: transparent; }
.ladder .untold { color: var(--inconclusive); background: var(--inconclusive-tint); border-color: transparent; }
.ladder .goal { font-weight: 700; }
.subject { margin: .6rem 0 .1rem; }
.reasons { list-style: none; margin: .3rem 0; padding: 0; }
.reasons li { display: flex; gap: .6rem; padding: .25rem 0; }
.sign { flex: 0 0 1rem; font-weight: 700; text-align: center; color: var(--inconclusive); }
.sign.yes { color: var(--proven); } .sign.no { color: var(--disproven); }
.says { flex: 1 1 auto; min-width: 0; }
.grade { color: var(--quiet); font-size: .85rem; margin-right: .3rem; }
.hint { display: block; margin: .3rem 0; padding: .4rem .7rem; background: var(--code); border-radius: 4px; }
.timeline { margin: 1rem 0; }
.timeline .when { width: 9.5rem; font-variant-numeric: tabular-nums; } .timeline tbody th { width: 9rem; overflow-wrap: normal; }
.timeline svg { display: block; width: 100%; height: 8px; margin-top: .15rem; }
.timeline line { stroke: var(--line); stroke-width: 1.5; } .timeline line.gone { stroke: var(--link); } .timeline circle { fill: var(--link); }
.figures { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(20rem, 100%), 1fr)); gap: 1rem; margin: 1rem 0; }
figure { margin: 0; }
figure img { display: block; width: 100%; height: auto; max-height: 24rem; object-fit: cover; object-position: top; border: 1px solid var(--line); border-radius: 4px; }
figcaption { font-size: .85rem; margin-top: .3rem; }
.evidence, .body > p.quiet { font-size: .85rem; margin: .4rem 0; }
.evidence { list-style: none; display: flex; flex-wrap: wrap; gap: .2rem 1.2rem; padding: 0; }

@media (max-width: 36rem) {
  main { padding: 0 .9rem 2rem; }
  .banner { margin: 0 -.9rem; padding: 1.4rem .9rem 1.2rem; }
  .counts svg { width: calc(100% + 1.8rem); margin: 0 -.9rem; }
  th, td { padding: .4rem .35rem; }
  td .badge, th .badge { font-size: .8rem; padding: .05em .35em; }
  .obstacles tbody th { width: 36%; } .requirements tbody th { width: 24%; } .requirements td:nth-child(2) { width: 36%; }
  .timeline .when { width: 26%; } .timeline tbody th { width: 31%; font-size: .8rem; }
}

@page { size: A4; margin: 16mm 15mm 18mm; @bottom-left { content: "liveproof verification report"; font: 8pt sans-serif; color: #525c69; } @bottom-right { content: "Page " counter(page) " of " counter(pages); font: 8pt sans-serif; color: #525c69; } }
@media print {
  :root {
    color-scheme: light;
    --page: #ffffff; --card: #ffffff; --text: #111111; --quiet: #444d58; --line: #c4cbd3; --link: #0a4f9e; --code: #f0f2f5;
    --proven: #17663a; --disproven: #a3211b; --inconclusive: #7a4b00; --blocked: #4b5563; --waived: #643a9b;
    --proven-tint: #e5f4eb; --disproven-tint: #fcebea; --inconclusive-tint: #fdf2dc; --blocked-tint: #eceff3; --waived-tint: #f1eafb;
  }
  * { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
  body { font-size: 9.5pt; line-height: 1.4; }
  main { max-width: none; padding: 0; }
  .banner { margin: 0; padding: 14pt; border-radius: 4pt; }
  .counts svg { width: 100%; margin: 4pt 0 0; }
  h2, h3, h4, caption, summary, .subject { break-after: avoid; }
  tr, caption, figure, summary, .reasons li, .notice, .facts, .glance li { break-inside: avoid; }
  .evidence, .body > p.quiet, .ladder { break-before: avoid; }
  .ladder { break-after: avoid; }
  thead { display: table-header-group; }
  thead, tbody tr:first-child { break-after: avoid; }
  tbody tr:last-child { break-before: avoid; }
  details::details-content { content-visibility: visible; display: block; height: auto; }
  .item > summary::after { display: none; }
  h2 { font-size: 13pt; margin: 14pt 0 5pt; }
  h3 { font-size: 11pt; margin: 9pt 0 4pt; }
  th, td { padding: 2.5pt 5pt; }
  table { font-size: 8.5pt; }
  thead th { font-size: 8pt; }
  .grade, .facts dt { font-size: 8pt; }
  .badge, .severity { font-size: 8.5pt; }
  .item h4 { font-size: 10pt; }
  .dense { font-size: 7.5pt; }
  .dense th, .dense td { padding: 1pt 4pt; }
  .dense code { background: none; padding: 0; }
  .facts, .notice { margin: 8pt 0; padding: 6pt 9pt; gap: 3pt 12pt; }
  .counts ul { margin-top: 6pt; }
  .item { margin: 3pt 0; }
  .item > summary { padding: 4pt 8pt; }
  .item .body { padding: 0 8pt 5pt; }
  .item .line { margin-top: 0; font-size: 8pt; }
  .ladder { margin: 2pt 0 4pt; font-size: 8pt; }
  .reasons { margin: 2pt 0; font-size: 9pt; }
  .reasons li { padding: 1pt 0; }
  .timeline { margin: 5pt 0; font-size: 8pt; }
  .timeline th, .timeline td { padding: 1pt 5pt; }
  .timeline .when { width: 42mm; white-space: nowrap; }
  figcaption { font-size: 8pt; }
  .timeline svg { display: none; }
  .evidence, .body > p.quiet { font-size: 8pt; margin: 2pt 0; }
  .glance ul { grid-template-columns: repeat(3, 1fr); gap: 3pt 6pt; }
  .glance li { padding: 2pt 6pt; font-size: 8.5pt; }
  .figures { grid-template-columns: 1fr 1fr; gap: 6pt; margin: 5pt 0; }
  .figures:has(> :nth-child(3)) { grid-template-columns: repeat(3, 1fr); }
  figure img { max-height: 50mm; object-fit: contain; object-position: left top; }
  a { color: inherit; text-decoration: none; }
}
`;
