import { check, sleep } from 'k6';
import http from 'k6/http';
import { Trend } from 'k6/metrics';
import type { Options } from 'k6/options';

const took = new Trend('took', true);
const never = new Trend('never', true);

/** What the tests choose by `__ENV`. */
const thresholds: Record<string, Options['thresholds']> = {
  good: { http_req_failed: ['rate<0.1'], checks: ['rate>0.9'], took: ['p(95)<60000', 'p(99.9)<60000'], iterations: ['count>=3'] },
  slow: { took: ['p(95)<0.001', 'max<60000'], http_req_failed: ['rate<0.1'] },
  unmeasured: { never: ['p(95)<500'], iterations: ['count>=3'] },
  none: {},
};

export const options: Options = { vus: 1, iterations: 3, thresholds: thresholds[__ENV['CHOICE'] ?? 'good'] ?? {} };

export default function run(): void {
  if (__ENV['LASTS'] !== undefined) sleep(Number(__ENV['LASTS']));
  if (__ENV['CHATTY'] !== undefined) for (let line = 0; line < 20_000; line += 1) console.log('x'.repeat(1_000));
  const answer = http.get(`${__ENV['URL'] ?? ''}/orders`, { headers: { authorization: __ENV['TOKEN'] ?? '' } });
  took.add(answer.timings.duration);
  check(answer, { 'is answered': ({ status }) => status === 200 });
  if (__ENV['THROWS'] !== undefined) throw new Error('the order is not there');
  if (__ENV['NEVER'] !== undefined) never.add(1);
}
