/** A file of a new project. */
export interface ProjectFileText {
  readonly path: string;
  /** What it is for, in a few words. */
  readonly says: string;
  readonly text: string;
}

const address = 'http://127.0.0.1:8787';

/** The files of a new project, in the order in which people should read them. All of it runs without any other server. */
export function newProject(name: string): readonly ProjectFileText[] {
  return [
    { path: 'liveproof.yaml', says: 'what runs, and where results are kept', text: projectText(name) },
    { path: 'checks/app.yaml', says: 'a check of an application', text: checkText },
    { path: 'gates/first/gate.yaml', says: 'a first gate: it proves that this check can fail', text: gateText },
    { path: 'example/app.mjs', says: 'an application to try it on, until it is yours', text: applicationText },
  ];
}

/** What version control must not take: keys, results and reports. */
export const ignoredPaths = ['.liveproof/', 'reports/', '*.pem', '!*.pub.pem'] as const;

function projectText(name: string): string {
  return `# What \`liveproof check\` and \`liveproof watch\` run. Every key: liveproof generate schema --of project
name: ${name}

# Checks are found in checks/: *.yaml or *.yml, and *.check.ts for those that are easier to write in TypeScript.

# store: { path: .liveproof/results.sqlite, retention: { detailed: 90d, rolledUp: 1y } }
# listen: 127.0.0.1:9464        # where \`liveproof watch\` serves /metrics
`;
}

const checkText = `# The application answers, says that it is well, and does so soon enough.
# APP_URL is taken from the environment: APP_URL=https://app.example.com liveproof check
check: app
statement: The application answers that it is well
probe: http
interval: 30s
timeout: 10s
failAfter: 2
tags: [smoke]
steps:
  - name: ask for its health
    url: '\${APP_URL:-${address}}/health'
    expect: { json: { status: ok } }
assert:
  - status is 200
  - total < 2s
  - header content-type contains json
`;

const gateText = `# Before a launch: nothing counts as monitored until it has been seen to work.
gate: first
title: A first gate
checks: [../../checks/app.yaml]
items:
  - id: app-is-watched
    statement: The check of the application passes, fails when the application is broken, and passes again
    proof: check
    grade: shown-to-fail
    check: app
    # The example lets itself be broken. For an application that does not, ask for the grade \`steady\`, and leave "fault" out.
    fault:
      says: the application is broken
      inject: { url: '\${APP_URL:-${address}}/break' }
      undo: { url: '\${APP_URL:-${address}}/mend' }
      lasts: 1m
      alsoFires: []
`;

const applicationText = `// An application to try liveproof on: GET /health says how it is, POST /break and POST /mend change that.
import { createServer } from 'node:http';

const port = Number(process.env.PORT ?? ${new URL(address).port});
const longestBrokenMs = 60_000;
let mending;

const server = createServer((request, response) => {
  const asked = \`\${request.method} \${request.url.split('?')[0]}\`;
  if (asked === 'POST /break' || asked === 'POST /mend') {
    clearTimeout(mending);
    // It mends itself after a minute, should nobody do it.
    mending = asked === 'POST /break' ? setTimeout(() => (mending = undefined), longestBrokenMs) : undefined;
  } else if (asked !== 'GET /health') {
    response.writeHead(404).end();
    return;
  }
  const isBroken = mending !== undefined && asked === 'GET /health';
  response.writeHead(isBroken ? 503 : 200, { 'content-type': 'application/json' });
  response.end(JSON.stringify({ status: isBroken ? 'broken' : 'ok' }));
});
server.listen(port, '127.0.0.1', () => console.log(\`http://127.0.0.1:\${port}/health\`));
`;
