export type { BrowserFlow } from './browser.ts';

import type { Probe } from '../check/probe.ts';
import browser from './browser.ts';
import http from './http.ts';

/** Every probe kind by its name. */
export const probes: ReadonlyMap<string, Probe> = new Map([browser, http].map((probe) => [probe.kind, probe]));
