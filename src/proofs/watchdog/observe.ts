import { eventually } from '../../base/eventually.ts';
import { ladders, rungOf, type Grade } from '../../gate/grade.ts';
import type { ProofContext } from '../../gate/proof.ts';
import type { HeldAlert } from '../../stack/alertmanager.ts';
import { parseAlertmanagerConfig } from '../../stack/alertmanager/config.ts';
import { routesOf } from '../../stack/alertmanager/routing.ts';
import type { Labels } from '../../stack/prometheus.ts';
import { judgeArriving } from './arriving.ts';
import { judgeConfigured } from './configured.ts';
import type { RouteFacts, RuleFacts, SwitchFacts, WatchdogFacts } from './facts.ts';
import { observeArriving } from './observe-arriving.ts';
import { observeNoticed } from './observe-noticed.ts';
import type { WatchdogRequirement } from './requirement.ts';
import { orTrouble } from '../../base/trouble.ts';

/** A rule that was loaded a moment ago fires with its first evaluation; without a `for` that takes no longer. */
const firesWithinMs = 60_000;
/** An alert that found no Alertmanager is sent again after a minute (`rules.alert.resend-delay`). */
const heldWithinMs = 65_000;

/** Looks as far as the grade asks, and no further than everything holds: an alert that nobody hears is not silenced. */
export async function observeWatchdog(requirement: WatchdogRequirement, context: ProofContext): Promise<WatchdogFacts> {
  const { signal } = context;
  const grade = context.grade as WatchdogFacts['grade'];
  const isWanted = (rung: Grade): boolean => rungOf(ladders.watchdog, grade) >= rungOf(ladders.watchdog, rung);

  const [rule, deadMan] = await Promise.all([observeRule(requirement, context), orTrouble(signal, () => observeSwitch(context))]);
  const firing = rule.found.flatMap(({ alerts }) => alerts);
  const route = firing.length === 0 ? undefined : await observeRoute(requirement, firing, context);
  const configured: WatchdogFacts = { grade, rule, deadMan, ...(route === undefined ? {} : { route }) };
  if (!isWanted('arriving') || 'trouble' in deadMan || deadMan.state === undefined || route === undefined) return configured;
  if (judgeConfigured(requirement, configured).some(({ holds }) => holds !== 'yes')) return configured;

  const { state } = deadMan;
  const arriving = await orTrouble(signal, () => observeArriving(state, context));
  if (!isWanted('noticed') || 'trouble' in arriving) return { ...configured, arriving };
  if (judgeArriving(requirement, deadMan, arriving).holds !== 'yes') return { ...configured, arriving };

  const noticed = await orTrouble(signal, () => observeNoticed(requirement, commonLabels(route), context));
  return { ...configured, arriving, noticed };
}

async function observeRule({ rule }: WatchdogRequirement, { clock, signal, ...context }: ProofContext): Promise<RuleFacts> {
  const prometheus = context.prometheus();
  const look = async () => {
    const rules = await prometheus.alertingRules(signal);
    return { rules, found: rules.filter(({ name }) => name === rule) };
  };
  let { rules, found } = await look();
  const [first] = found;
  if (first !== undefined && first.state !== 'firing') {
    const withinMs = Math.min(firesWithinMs, 2 * first.groupIntervalMs + first.forMs + 2_000);
    const isSettled = async (): Promise<true | undefined> => {
      ({ rules, found } = await look());
      return found.every(({ state, health }) => state === 'firing' || health === 'err') || undefined;
    };
    await eventually(isSettled, { clock, signal, withinMs, everyMs: 250 });
  }
  return {
    names: [...new Set(rules.map(({ name }) => name))].toSorted(),
    found: found.map(({ query, state, health, lastError, alerts }) => {
      const labels = alerts.filter((alert) => alert.state === 'firing').map((alert) => ({ ...alert.labels }));
      return { query, state, health, lastError, alerts: labels };
    }),
  };
}

async function observeSwitch({ signal, ...context }: ProofContext): Promise<SwitchFacts> {
  const state = await context.deadMan().state(signal);
  return state === undefined ? {} : { state: { ...state } };
}

async function observeRoute({ rule }: WatchdogRequirement, firing: readonly Labels[], context: ProofContext): Promise<RouteFacts> {
  const { clock, signal, progress } = context;
  const alertmanager = context.alertmanager();
  const ours = async (): Promise<readonly HeldAlert[] | undefined> => {
    const named = await alertmanager.alerts({ alertname: rule }, signal);
    const own = named.filter(({ labels }) => firing.some((each) => isSame(each, labels)));
    if (own.length === 0) progress(`waiting for ${rule} at Alertmanager`);
    return own.length === 0 ? undefined : own;
  };
  const held = (await eventually(ours, { clock, signal, withinMs: heldWithinMs, everyMs: 500 })) ?? [];
  const { route, receivers } = parseAlertmanagerConfig((await alertmanager.status(signal)).config);
  const [first] = held;
  const silence = async (id: string): Promise<string> => {
    const found = await orTrouble(signal, () => alertmanager.silence(id, signal));
    return 'trouble' in found ? `silence ${id}` : `silence ${id} of ${found.createdBy} until ${found.endsAt} ("${found.comment}")`;
  };
  return {
    url: alertmanager.url,
    held: await Promise.all(
      held.map(async ({ labels, receivers: on, state, silencedBy, inhibitedBy }) => ({
        labels: { ...labels },
        receivers: [...on],
        state,
        silencedBy: await Promise.all(silencedBy.map(silence)),
        inhibitedBy: inhibitedBy.map((id) => `alert ${id}`),
      })),
    ),
    routes: (first === undefined ? [] : routesOf(route, first.labels)).map(({ receiver, groupIntervalMs, repeatIntervalMs }) => {
      return { receiver, groupIntervalMs, repeatIntervalMs };
    }),
    receivers: [...receivers],
  };
}

/** On its way to Alertmanager an alert may lose labels and gain external ones, but changes none. */
function isSame(fired: Labels, held: Labels): boolean {
  return !('liveproof_nonce' in held) && Object.entries(fired).every(([label, value]) => (held[label] ?? value) === value);
}

/** What a silence must name so that it holds every copy of the alert and nothing else. */
function commonLabels({ held }: RouteFacts): Labels {
  const [first, ...others] = held.map(({ labels }) => labels);
  return Object.fromEntries(Object.entries(first ?? {}).filter(([label, value]) => others.every((each) => each[label] === value)));
}
