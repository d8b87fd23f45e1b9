import { Fault } from '../base/fault.ts';
import type { Server } from './http.ts';

/** Somebody whom the rotation names now. */
export interface OnCall {
  readonly name: string;
  readonly email: string;
  /** 1 is called first. */
  readonly level: number;
  /** Absent when they are on call without end. */
  readonly until?: string | undefined;
}

/** Who is on call now by an escalation policy of PagerDuty, first level first. Source: `GET /oncalls`. */
export async function whoIsOnCall(server: Server, _escalationPolicy: string, _signal: AbortSignal): Promise<readonly OnCall[]> {
  return await Promise.reject(new Fault('stack/not-configured', `${server.name} is not asked yet`));
}
