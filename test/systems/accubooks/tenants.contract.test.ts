import { expect, test } from 'vitest';
import { driveAccubooks } from './driver.ts';
import type { Scenario } from './scenarios.ts';
import { createOwnRows, TenantViolation } from './tenancy.ts';

const here = 'pro1@birch-bakery.test';
const there = 'pro1@harbour-joinery.test';

test('each firm sees its own scenarios and nothing else', async () => {
  await using driver = await driveAccubooks();
  const names = async (token: string) =>
    (await driver.client.call({ path: '/api/scenarios', token })).json<{ scenarios: Scenario[] }>().scenarios.map(({ name }) => name);
  const [birch, harbour] = [await driver.signIn(here), await driver.signIn(there)];
  const created = { name: 'Only ours', openingCash: 5, monthlyNet: [1, 2, 3, 4, 5, 6] };
  await driver.client.call({ method: 'POST', path: '/api/scenarios', token: birch, json: created });
  expect(await names(birch)).toEqual(['Two shops as today', 'Open a third shop', 'Only ours']);
  expect(await names(harbour)).toEqual(['Workshop at full load', 'Lose the biggest customer']);
});

test('what belongs to another firm is as if it were not there, even to somebody who knows its id', async () => {
  await using driver = await driveAccubooks();
  const [birch, harbour] = [await driver.signIn(here), await driver.signIn(there)];
  const { id } = await driver.forecast(birch, { scenarioId: 1, horizonMonths: 3 });
  const statuses = await Promise.all(
    [
      { path: `/api/forecasts/${id}` },
      { path: `/api/forecasts/${id}?wait=1s` },
      { path: `/api/forecasts/${id}/assumptions-panel` },
      { method: 'POST', path: '/api/forecasts', json: { scenarioId: 1, horizonMonths: 3 } } as const,
      { method: 'DELETE', path: '/api/scenarios/1' } as const,
    ].map(async (call) => (await driver.client.call({ ...call, token: harbour })).status),
  );
  expect(statuses).toEqual([404, 404, 404, 404, 404]);
  expect((await driver.client.call({ path: `/api/forecasts/${id}`, token: birch })).status).toBe(200);
  expect((await driver.scrape()).value('tenant_isolation_violations_total')).toBe(0);
});

test('equal numbers of two firms do not share a cached forecast', async () => {
  await using driver = await driveAccubooks();
  const scenario = { name: 'Same', openingCash: 100, monthlyNet: [1, 2, 3, 4, 5, 6] };
  for (const email of [here, there]) {
    const token = await driver.signIn(email);
    const created = await driver.client.call({ method: 'POST', path: '/api/scenarios', token, json: scenario });
    const { id } = created.json<{ scenario: Scenario }>().scenario;
    expect(await driver.forecast(token, { scenarioId: id, horizonMonths: 3 })).toMatchObject({ status: 'done', cached: false });
  }
});

test('a query that lost its tenant ends in an error and a count, not in a leak', () => {
  let violations = 0;
  const ownRows = createOwnRows(() => (violations += 1));
  const user = { id: 7, tenantId: 1, tenant: 'Birch Bakery', email: here, name: 'Pro', tier: 'pro' } as const;
  expect(ownRows(user, [{ tenant_id: 1 }])).toEqual([{ tenant_id: 1 }]);
  expect(() => ownRows(user, [{ tenant_id: 1 }, { tenant_id: 2 }])).toThrow(TenantViolation);
  expect(violations).toBe(1);
});

test('without a session there is nothing to see, and a session ends when its user signs out', async () => {
  await using driver = await driveAccubooks();
  const token = await driver.signIn(here);
  const scenarios = async (own?: string) => (await driver.client.call({ path: '/api/scenarios', token: own })).status;
  expect([await scenarios(), await scenarios('made-up'), await scenarios(token)]).toEqual([401, 401, 200]);
  await driver.client.call({ method: 'POST', path: '/api/sign-out', token });
  expect(await scenarios(token)).toBe(401);
});
