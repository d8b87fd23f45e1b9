import { Ajv } from 'ajv';
import { describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { jsonSchemaOf } from '../../src/config/json-schema.ts';
import { loadProject } from '../../src/config/load-project.ts';
import { filesFrom, kinds } from './sample.ts';

const ajv = new Ajv({ strict: true, validateFormats: false, strictRequired: false, strictTypes: false, allowUnionTypes: true });
const schemas = { check: ajv.compile(jsonSchemaOf('check', kinds)), project: ajv.compile(jsonSchemaOf('project', kinds)) };

const check = { check: 'a', probe: 'http', url: 'http://a' };
const project = { name: 'shop' };

async function loads(part: 'check' | 'project', value: object): Promise<boolean> {
  const file = 'liveproof.yaml';
  const texts = { [file]: stringify(part === 'project' ? value : project), 'checks/a.yaml': stringify(part === 'check' ? value : check) };
  return (await loadProject({ file, env: {}, probes: kinds.probes, files: filesFrom(texts) })).ok;
}

const once = { because: 'a move', from: '2026-03-01T22:00:00Z', to: '2026-03-02T02:00:00Z' };
const again = { because: 'backups', cron: '0 3 * * *', timeZone: 'Europe/Berlin', lasts: '20m' };

const good: readonly (readonly ['check' | 'project', object])[] = [
  ['check', {}],
  ['check', { interval: '30s', timeout: '5s', assert: ['status is 200', 'total < 500ms'] }],
  ['check', { interval: 'continuous' }],
  ['check', { interval: '*/5 * * * *' }],
  ['check', { interval: { cron: '0 9 * * 1-5', timeZone: 'America/New_York' } }],
  ['check', { interval: { pause: '5s' } }],
  ['check', { interval: { since: 'start', phases: [{ for: '1h', interval: '30s' }, { interval: { cron: '0 * * * *' } }] } }],
  ['check', { retries: { times: 2, after: '1s', on: ['error'] }, failAfter: 3, recoverAfter: 2 }],
  ['check', { tags: ['a'], severity: 'P1', places: ['fra-1'], runbook: 'https://r.example', maintenance: [once, again] }],
  ['project', {}],
  ['project', { place: 'fra-1', checks: ['checks/*.yaml'], variables: { A: 1 }, listen: '0.0.0.0:9464', maintenance: [again] }],
  ['project', { store: { path: 'a.sqlite', retention: { detailed: '30d', rolledUp: '2y' } }, limits: { checks: 5, heavy: 1 } }],
  ['project', { otlp: { endpoint: 'http://otel:4318', headers: { key: 'k' }, every: '15s' } }],
];

const bad: readonly (readonly ['check' | 'project', object])[] = [
  ['check', { intervall: '30s' }],
  ['check', { check: undefined }],
  ['check', { probe: 'htp' }],
  ['check', { interval: 30 }],
  ['check', { interval: { every: '30s' } }],
  ['check', { interval: { pause: '5s', cron: '* * * * *' } }],
  ['check', { interval: { phases: [] } }],
  ['check', { interval: { phases: [{ for: '1h' }] } }],
  ['check', { interval: { since: 'launch', phases: [{ interval: '1m' }] } }],
  ['check', { timeout: 5 }],
  ['check', { assert: 'status is 200' }],
  ['check', { assert: [{ status: 200 }] }],
  ['check', { retries: 2 }],
  ['check', { retries: { times: -1 } }],
  ['check', { retries: { on: ['timeout'] } }],
  ['check', { retries: { on: [] } }],
  ['check', { failAfter: 0 }],
  ['check', { recoverAfter: 1.5 }],
  ['check', { tags: ['two words'] }],
  ['check', { places: 'fra-1' }],
  ['check', { maintenance: [{ ...once, lasts: '1h' }] }],
  ['check', { maintenance: [{ because: 'x', cron: '0 3 * * *' }] }],
  ['check', { maintenance: [{ ...again, because: undefined }] }],
  ['project', { name: undefined }],
  ['project', { name: 'two words' }],
  ['project', { check: ['checks/*.yaml'] }],
  ['project', { checks: [] }],
  ['project', { listen: 9464 }],
  ['project', { listen: 'everywhere' }],
  ['project', { limits: { checks: 0 } }],
  ['project', { limits: { browser: 1 } }],
  ['project', { store: { retention: { detail: '90d' } } }],
  ['project', { otlp: {} }],
  ['project', { otlp: { endpoint: 'http://otel', headers: { key: 5 } } }],
];

describe('the JSON schema and the loader', () => {
  it.each(good)('both accept a %s with %j', async (part, more) => {
    const value = { ...(part === 'check' ? check : project), ...more };
    expect([schemas[part](value), await loads(part, value)]).toEqual([true, true]);
  });

  it.each(bad)('both refuse a %s with %j', async (part, more) => {
    // Through JSON, so that what is undefined is left out.
    const value = JSON.parse(JSON.stringify({ ...(part === 'check' ? check : project), ...more })) as object;
    expect([schemas[part](value), await loads(part, value)]).toEqual([false, false]);
  });

  it('both accept variables where there are numbers', async () => {
    const value = { ...check, failAfter: '${TIMES:-3}', retries: { times: '${AGAIN:-1}' } };
    expect([schemas.check(value), await loads('check', value)]).toEqual([true, true]);
  });
});
