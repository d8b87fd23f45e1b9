/** What `--help` says beside the options; no line is wider than 80 columns. */
export const about = `Proves that your monitoring works before you launch: nothing counts as monitored
until it has been seen to work.`;

export const afterHelp = `
Begin here:
  liveproof init shop                                 a new project that runs
  liveproof check                                     run the checks once
  liveproof watch                                     run them for ever
  liveproof gate gates/accubooks/gate.yaml --plan     what a run would touch
  liveproof gate gates/accubooks/gate.yaml --env demo run a launch checklist
  liveproof keys new                                  a key to sign reports with
  liveproof verify reports/accubooks/… --key FILE     check somebody's report
  liveproof sign reports/accubooks/… --key FILE --as YOU   approve it
  liveproof kinds                                     what can be proven

Exit codes: 0 proceed, 1 something is disproven, 2 wrong usage or configuration,
            3 something could not be told, 70 a bug in liveproof`;

export const gateHelp = `
Examples:
  liveproof gate gates/accubooks/gate.yaml --plan     who would be woken
  liveproof gate gates/accubooks/gate.yaml --allow-paging
  liveproof gate gates/accubooks/gate.yaml --env staging --key gate.pem
  liveproof gate gates/accubooks/gate.yaml --resume   what is not proven yet
  liveproof gate gates/accubooks/gate.yaml --clean    after a killed run

Every item is observed on the live stack, judged, and decided upon: PROCEED
(exit 0) only when all of them are proven, PROCEED WITH WAIVERS (exit 0 as well)
when the gate allows what is not. A real fault may be made in the system under
test, and test signals marked [TEST] are sent through your channels; all of it
is undone at the end and on Ctrl-C. Whatever could page somebody waits for
--allow-paging: such items are inconclusive without it.

What is to be undone is first written to DIR/<gate>/.journal: the next run
undoes what a killed one has left, and --clean does that alone: exit 0 when
nothing is left, 3 when something could not be undone.

The report is written to DIR/<gate>/<time>/: report.html and report.pdf for
people, junit.xml and ctrf.json for CI. Sign it with --key to make it worth
forwarding. On GitHub Actions the items that are not proven are annotations too,
and the report is the job summary.`;

export const verifyHelp = `
Examples:
  liveproof verify reports/accubooks/2026-02-01T09-00-00Z --key gate.pub.pem
  liveproof verify reports/accubooks/2026-02-01T09-00-00Z --policy prod.yaml

Checks the signature, the digests of every file, the age, and judges the
recorded evidence again: needs nothing but the folder and the public key. Exit 0
only for an authentic, fresh report that says PROCEED or PROCEED WITH WAIVERS,
and that a policy accepts when one is given (which refuses waivers unless it
allows them).`;

export const signHelp = `
Examples:
  liveproof sign reports/accubooks/2026-02-01T09-00-00Z --key grace.pem \\
    --as "Grace Hopper" --gate-key gate.pub.pem

A release manager's approval. The report is verified first; what does not hold,
is not signed or says DO NOT PROCEED is not approved. The approval is a file of
its own beside the report: others can approve after you, and the same key
approves once. Whose approvals count, a policy says:
liveproof verify REPORT_DIR --policy FILE.`;

export const drillHelp = `
Examples:
  liveproof drill reports/accubooks/2026-02-01T09-00-00Z
  liveproof drill reports/accubooks/2026-02-01T09-00-00Z --attach

Makes the recorded evidence worse, one way after the other (a series is gone, a
sample old, an alert late, a receiver swapped), and judges it again, offline. An
item that stays proven whatever happens cannot fail. Exit 0 when every item can
fail, enough is noticed, and what is not noticed is harmless for a reason; 1
when not; 3 when nothing is proven.`;

export const checkHelp = `
Examples:
  liveproof check                          every check of liveproof.yaml
  liveproof check home login               these two
  liveproof check --tag smoke              those that carry a tag
  liveproof check --reporter junit --output junit.xml
  liveproof check --evidence evidence      keep screenshots of what did not pass

Runs checks once, whatever their schedules, places and maintenance windows say:
for CI, and to try a check while it is written. As many run side by side as the
project allows (limits). A check fails when its target is wrong; it is an error
when it could not be told, by the fault of this machine. The project names the
check files; liveproof kinds lists what can be checked.

Reporters: pretty (for people), json, junit, ctrf, github (annotations at the
lines of the checks). On standard output they stand alone; progress then goes to
standard error. With --output people still read along on standard output.

Exit codes: 0 all passed, 1 something failed, 2 wrong usage or configuration,
            3 nothing failed, but something could not be told, or it was stopped
              (Ctrl-C), and then no report is written`;

export const watchHelp = `
Examples:
  liveproof watch                          the checks of liveproof.yaml
  liveproof watch --project prod.yaml
  curl http://127.0.0.1:9464/metrics       its metrics, for Prometheus
  curl http://127.0.0.1:9464/healthz       how it is itself
  curl -X POST -H "Authorization: Bearer TOKEN" \\
    http://127.0.0.1:9464/heartbeat/backup a heartbeat

Runs the checks of a project on their schedules until it is stopped, stores
every result, and says when a check begins to fail (after failAfter failures in
a row) and when it has recovered. What could not be told is an error and changes
nothing that is believed of a target.

Signals: SIGTERM and SIGINT let what runs come to an end and then stop; a second
one stops at once. SIGHUP loads the project file again; one with faults is told
and the old one is kept. Only one watch can use a store at a time.

Where it listens says the project (listen); an address that other machines can
reach needs --exposed as well.`;

export const exportHelp = `
Examples:
  liveproof export --from 7d --check sign-in > results.jsonl
  liveproof export --store results.db --from 2026-02-01 --format csv

One line for each result: check, place, dueAt, lateMs, durationMs, status,
attempts, reasons, observation (the first 128 bits of its digest). The store may
be in use meanwhile.`;
