import { createClient, type Client } from './client.ts';
import { demoPassword } from './database/seed.ts';
import type { Forecast } from './forecasts.ts';
import { startAccubooks, type Accubooks, type AccubooksOptions } from './start-accubooks.ts';

/** The metrics page, read. */
export interface Exposition {
  readonly text: string;
  readonly contentType: string;
  /** The sample of exactly these labels, in any order; undefined when there is none. */
  value(name: string, labels?: Readonly<Record<string, string>>): number | undefined;
  /** The sum over all samples that have these labels, and maybe others. */
  sum(name: string, labels?: Readonly<Record<string, string>>): number;
}

/** A running AccuBooks in a test's hands. */
export interface Driver extends AsyncDisposable {
  readonly app: Accubooks;
  readonly client: Client;
  scrape(): Promise<Exposition>;
  signIn(email: string): Promise<string>;
  /** Orders a forecast and waits for its end. */
  forecast(token: string, order: Readonly<Record<string, unknown>>): Promise<Forecast>;
  /** Starts a fault; returns the status of the answer. */
  fault(name: string, body: Readonly<Record<string, unknown>>): Promise<number>;
  endFaults(): Promise<void>;
}

export async function driveAccubooks(options: AccubooksOptions = {}): Promise<Driver> {
  const app = await startAccubooks({ testFaults: true, workers: 1, ...options });
  const client = createClient(app.url);
  return {
    app,
    client,
    scrape: async () => {
      const { text, headers } = await client.call({ path: '/api/metrics' });
      return readExposition(text, String(headers['content-type']));
    },
    signIn: (email) => client.signIn(email, demoPassword),
    forecast: async (token, order) => {
      const ordered = await client.call({ method: 'POST', path: '/api/forecasts', token, json: order });
      if (ordered.status > 299) throw new Error(`ordering a forecast answered ${String(ordered.status)}: ${ordered.text}`);
      const { id } = ordered.json<{ forecast: Forecast }>().forecast;
      const found = await client.call({ path: `/api/forecasts/${id}?wait=20s`, token });
      return found.json<{ forecast: Forecast }>().forecast;
    },
    fault: async (name, json) => (await client.call({ method: 'POST', path: `/api/test/${name}`, json })).status,
    endFaults: async () => void (await client.call({ method: 'DELETE', path: '/api/test/faults' })),
    [Symbol.asyncDispose]: async () => {
      await client.close();
      await app.stop();
    },
  };
}

function readExposition(text: string, contentType: string): Exposition {
  const samples = text.split('\n').flatMap((line) => {
    const match = /^([a-z_]+)(?:\{(.*)\})? (\S+)$/.exec(line);
    if (match === null) return [];
    const labels = [...(match[2] ?? '').matchAll(/(\w+)="([^"]*)"/g)].map(([, name = '', value = '']) => [name, value] as const);
    return [{ name: match[1], labels: new Map(labels), value: Number(match[3]) }];
  });
  const matching = (name: string, labels: Readonly<Record<string, string>>) =>
    samples.filter(
      (sample) => sample.name === name && Object.entries(labels).every(([label, value]) => sample.labels.get(label) === value),
    );
  return {
    text,
    contentType,
    value: (name, labels = {}) => matching(name, labels).find((sample) => sample.labels.size === Object.keys(labels).length)?.value,
    sum: (name, labels = {}) => matching(name, labels).reduce((sum, { value }) => sum + value, 0),
  };
}
