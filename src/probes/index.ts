export type { BrowserFlow } from './browser.ts';

import type { Probe } from '../check/probe.ts';
import browser from './browser.ts';
import dataset from './dataset.ts';
import dns from './dns.ts';
import grpc from './grpc.ts';
import heartbeat from './heartbeat.ts';
import http from './http.ts';
import isolation from './isolation.ts';
import k6 from './k6.ts';
import promql from './promql.ts';
import redis from './redis.ts';
import sql from './sql.ts';
import sse from './sse.ts';
import tcp from './tcp.ts';
import tls from './tls.ts';
import websocket from './websocket.ts';

/** Every probe kind by its name. */
export const probes: ReadonlyMap<string, Probe> = new Map(
  [browser, dataset, dns, grpc, heartbeat, http, isolation, k6, promql, redis, sql, sse, tcp, tls, websocket].map((probe) => [
    probe.kind,
    probe,
  ]),
);
