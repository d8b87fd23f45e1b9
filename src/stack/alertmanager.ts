import { z } from 'zod';
import { Fault } from '../base/fault.ts';
import * as answers from './alertmanager/answers.ts';
import type { HttpRequest } from '../base/exchange.ts';
import { askJson, askText, type Server } from './http.ts';
import { formatMatcher, type LabelMatcher } from './label-matcher.ts';
import type { Labels } from './prometheus.ts';

/** An alert to post. Always with both times: an end without a start would put the start in the future. */
export interface PostableAlert {
  readonly labels: Labels;
  readonly annotations: Labels;
  readonly startsAt: string;
  readonly endsAt: string;
  readonly generatorURL?: string | undefined;
}

/** An alert as Alertmanager holds it: the live proof of routing. Source: `GET /api/v2/alerts`. */
export interface HeldAlert {
  readonly fingerprint: string;
  readonly labels: Labels;
  readonly startsAt: string;
  /** When a Prometheus last told it. */
  readonly updatedAt: string;
  readonly receivers: readonly string[];
  readonly state: string;
  readonly silencedBy: readonly string[];
  readonly inhibitedBy: readonly string[];
  /** Time intervals; empty on servers that do not tell (0.25). */
  readonly mutedBy: readonly string[];
}

/** Source: `GET /api/v2/silence/{id}`. */
export interface Silence {
  readonly id: string;
  readonly createdBy: string;
  readonly comment: string;
  readonly endsAt: string;
  /** `pending`, `active` or `expired`. */
  readonly state: string;
}

/** A silence that is in force: alerts that match all of it are told to nobody. Source: `GET /api/v2/silences`. */
export interface ActiveSilence extends Pick<Silence, 'id' | 'createdBy' | 'comment' | 'endsAt'> {
  readonly matchers: readonly LabelMatcher[];
}

/** A silence to make: of alerts whose labels equal all of `labels`. */
export interface PostableSilence {
  readonly labels: Labels;
  readonly startsAt: string;
  readonly endsAt: string;
  readonly createdBy: string;
  readonly comment: string;
}

export interface AlertmanagerStatus {
  readonly version: string;
  readonly clusterStatus: string;
  readonly peers: readonly string[];
  /** The configuration in YAML, secrets redacted by the server. */
  readonly config: string;
}

/** Questions to a running Alertmanager (API v2). Every method throws a Fault (`stack/…`) when there is no usable answer. */
export interface Alertmanager {
  readonly url: string;
  status(signal: AbortSignal): Promise<AlertmanagerStatus>;
  /** Answers 200 whatever becomes of the alert: it proves nothing about delivery. */
  postAlerts(alerts: readonly PostableAlert[], signal: AbortSignal): Promise<void>;
  /** What `postAlerts` would send, token included, for somebody who has to send it later. */
  postRequest(alerts: readonly PostableAlert[]): HttpRequest;
  /** Alerts whose labels equal all of `labels`. */
  alerts(labels: Labels, signal: AbortSignal): Promise<readonly HeldAlert[]>;
  silence(id: string, signal: AbortSignal): Promise<Silence>;
  /** All silences that are in force now. */
  silences(signal: AbortSignal): Promise<readonly ActiveSilence[]>;
  /** Makes a silence and returns its id. */
  makeSilence(silence: PostableSilence, signal: AbortSignal): Promise<string>;
  /** What lists the silences, and what ends the one whose id takes the place of `{id}`: tokens included, for somebody who has to do it later. */
  endSilenceRequests(): { readonly list: HttpRequest; readonly end: HttpRequest };
  /** The server's own `/metrics`, as text. */
  ownMetrics(signal: AbortSignal): Promise<string>;
}

/** The client of a server that speaks Alertmanager's API v2. Nothing is contacted until it is asked something. */
export function connectAlertmanager(server: Server): Alertmanager {
  const read = <Schema extends z.ZodType>(path: string, schema: Schema, answer: unknown): z.output<Schema> => {
    const parsed = schema.safeParse(answer);
    if (parsed.success) return parsed.data;
    throw new Fault(
      'stack/unexpected-answer',
      `${server.name} answered ${path} without what we need: ${z.prettifyError(parsed.error).replaceAll(/\s+/g, ' ')}`,
      { hint: `is ${server.name} at this address an Alertmanager, and of a version that we know?`, place: server.place },
    );
  };
  const get = async <Schema extends z.ZodType>(path: string, schema: Schema, signal: AbortSignal): Promise<z.output<Schema>> =>
    read(path, schema, await askJson(server, { method: 'GET', path }, signal));
  const authorization = server.token === undefined ? {} : { authorization: `Bearer ${server.token}` };
  const posting = (alerts: readonly PostableAlert[]) => ({ method: 'POST', path: '/api/v2/alerts', json: alerts });

  return {
    url: server.url,
    status: (signal) => get('/api/v2/status', answers.status, signal),
    postAlerts: async (alerts, signal) => {
      await askText(server, posting(alerts), signal);
    },
    postRequest: (alerts) => {
      const { method, path, json } = posting(alerts);
      return { method, url: `${server.url}${path}`, headers: authorization, json };
    },
    alerts: (labels, signal) => {
      const filters = Object.entries(labels).map(([label, value]) => formatMatcher({ label, operator: '=', value }));
      const query = filters.map((filter) => `filter=${encodeURIComponent(filter)}`).join('&');
      return get(`/api/v2/alerts?${query}`, answers.alerts, signal);
    },
    silence: (id, signal) => get(`/api/v2/silence/${encodeURIComponent(id)}`, answers.silence, signal),
    silences: async (signal) => {
      const found = await get('/api/v2/silences', answers.silences, signal);
      return found.filter(({ state }) => state === 'active').map(({ state: _state, ...silence }) => silence);
    },
    makeSilence: async ({ labels, ...silence }, signal) => {
      const matchers = Object.entries(labels).map(([name, value]) => ({ name, value, isRegex: false, isEqual: true }));
      const path = '/api/v2/silences';
      const { silenceID } = read(
        path,
        answers.madeSilence,
        await askJson(server, { method: 'POST', path, json: { matchers, ...silence } }, signal),
      );
      return silenceID;
    },
    endSilenceRequests: () => ({
      list: { method: 'GET', url: `${server.url}/api/v2/silences`, headers: authorization },
      end: { method: 'DELETE', url: `${server.url}/api/v2/silence/{id}`, headers: authorization },
    }),
    ownMetrics: (signal) => askText(server, { method: 'GET', path: '/metrics' }, signal),
  };
}
