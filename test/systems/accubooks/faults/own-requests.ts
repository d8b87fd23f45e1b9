import { createClient, type Call } from '../client.ts';
import { demoPassword } from '../database/seed.ts';
import { paced } from '../paced.ts';
import type { Disturbances, Mark } from './disturbance.ts';

/** The user that faults act as. */
const faultUser = 'pro2@harbour-joinery.test';

export interface OwnRequests {
  /** The app's own address: faults come in by the front door, like every other request. */
  readonly url: string;
  readonly disturbances: Disturbances;
  readonly mark: Mark;
  readonly calls: readonly Call[];
  readonly count: number;
  readonly everyMs: number;
  readonly maxInFlight: number;
}

/** Sends `count` requests, the calls in turn, all carrying the mark. */
export async function sendOwnRequests({ url, disturbances, mark, calls, count, everyMs, maxInFlight }: OwnRequests): Promise<void> {
  const client = createClient(url);
  const { headers, disarm } = disturbances.arm(mark);
  try {
    const token = await client.signIn(faultUser, demoPassword);
    await paced({
      everyMs,
      times: count,
      maxInFlight,
      signal: mark.signal,
      send: async (index) => {
        const call = calls[index % calls.length];
        if (call !== undefined) await client.call({ ...call, token, headers });
      },
    });
  } finally {
    disarm();
    await client.close();
  }
}
