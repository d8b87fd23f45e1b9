import { expect, it } from 'vitest';
import { showFaults } from '../../src/cli/show-fault.ts';
import { loadProject } from '../../src/config/load-project.ts';
import { probes } from '../../src/probes/index.ts';
import { filesFrom } from '../config/sample.ts';

const http = 'probe: http\nsteps:\n  - url: http://a\n';

/** The keys of a check, its probe among them, and where the limit stands that leaves no time. */
const checks: readonly (readonly [key: string, keys: string, place: string])[] = [
  ['timeout', 'probe: heartbeat\nexpectEvery: 1h\ntimeout: 0s\n', '4:10'],
  ['timeout', `${http}    timeout: 0s\n`, '5:14'],
  ['timeout', `${http}after:\n  - { url: http://a, timeout: 0ms }\n`, '6:31'],
  ['within', `${http}    until: { within: 0s }\n`, '5:22'],
  ['every', `${http}    until: { within: 1s, every: 0s }\n`, '5:33'],
  ['actionTimeout', 'probe: browser\nscript: a.ts\nactionTimeout: 0s\n', '4:16'],
  ['requestTimeout', 'probe: promql\nurl: http://a\nquery: up\nrequestTimeout: 0s\n', '5:17'],
  ['requestTimeout', 'probe: isolation\nrequestTimeout: 0s\n', '3:17'],
  ['requestTimeout', 'probe: dataset\nrequestTimeout: 0s\n', '3:17'],
  ['connectTimeout', 'probe: sql\nconnectTimeout: 0s\n', '3:17'],
  ['statementTimeout', 'probe: sql\nstatementTimeout: 0s\n', '3:19'],
  ['within', 'probe: tcp\nport: 1\ntalk:\n  - { send: PING, within: 0s }\n', '5:27'],
];

it.each(checks)('a check is refused whose %s leaves no time: %j', async (key, keys, place) => {
  const files = filesFrom({ 'liveproof.yaml': 'name: shop\n', 'checks/a.yaml': `check: a\n${keys}` });
  const loaded = await loadProject({ file: 'liveproof.yaml', env: {}, probes, files });
  const shown = loaded.ok ? 'loaded without a fault' : showFaults(loaded.faults, { color: false, width: 100 });
  expect(shown).toContain(`error: "${key}": must be longer than nothing (config/bad-value)\n  --> checks/a.yaml:${place}`);
});
