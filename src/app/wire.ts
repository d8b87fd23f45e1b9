import type { Channel, ChannelKind } from '../alert/channel.ts';
import type { Clock } from '../base/clock.ts';
import { Fault, type Place } from '../base/fault.ts';
import type { Probe } from '../check/probe.ts';
import { runCheck } from '../check/run.ts';
import type { Gate, ServerDeclaration } from '../gate/gate.ts';
import type { BasisContext, ProofContext } from '../gate/proof.ts';
import type { OwnContext } from '../gate/observe-item.ts';
import { declaredBy } from './declared.ts';
import { connectAlertmanager } from '../stack/alertmanager.ts';
import { connectBoardServer } from '../stack/board-server.ts';
import { connectDeadManSwitch } from '../stack/dead-man.ts';
import type { Server } from '../stack/http.ts';
import { connectPrometheus } from '../stack/prometheus.ts';
import { whoIsOnCall } from '../stack/rotation.ts';

export interface WireOptions {
  readonly gate: Gate;
  readonly channels: ReadonlyMap<string, ChannelKind>;
  readonly probes: ReadonlyMap<string, Probe>;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  placeOf(path: readonly (string | number)[]): Place | undefined;
}

export interface Wiring {
  connect(own: OwnContext): ProofContext;
  /** The part of it that only reads, with what the gate declares as something to rest on. */
  read(own: Pick<OwnContext, 'clock' | 'signal' | 'grade'>): BasisContext;
  /** Closes every channel that was opened. */
  close(): Promise<void>;
}

/** Connects a gate to what it questions. Nothing is contacted until a proof asks for it. */
export function wireGate(options: WireOptions): Wiring {
  const { gate, clock, signal } = options;
  const opened = new Map<string, Promise<Channel>>();

  const server = (name: string, part: 'prometheus' | 'rules' | 'alertmanager' | 'boards' | 'rotation' | 'deadMan'): Server => {
    const declared: ServerDeclaration | undefined = gate.stack[part];
    if (declared === undefined) throw notConfigured(name, part);
    const place = options.placeOf(['stack', part, 'url']);
    return { name, url: declared.url.replace(/\/+$/, ''), token: declared.token, place };
  };

  const replicated = (name: string, part: 'prometheus' | 'alertmanager'): readonly Server[] => {
    const replicas = gate.stack[part]?.replicas ?? [];
    const others = replicas.map(({ url, token }, index) => {
      const place = options.placeOf(['stack', part, 'replicas', index, 'url']);
      return { name: `${name} ${String(index + 2)}`, url: url.replace(/\/+$/, ''), token, place };
    });
    return [server(name, part), ...others];
  };

  const channel = (name: string): Promise<Channel> => {
    const known = opened.get(name);
    if (known !== undefined) return known;
    const declared = gate.channels.find((each) => each.name === name);
    const kind = declared && options.channels.get(declared.kind);
    if (declared === undefined || kind === undefined) throw new Error(`no channel "${name}": the gate's loader should have said so`);
    const opening = kind.open(name, declared.options, { clock, signal });
    opened.set(name, opening);
    return opening;
  };

  const servers = ({ signal: own }: Pick<OwnContext, 'signal'>) => ({
    prometheus: () =>
      connectPrometheus(server('Prometheus', 'prometheus'), gate.stack.rules === undefined ? undefined : server('vmalert', 'rules')),
    alertmanager: () => connectAlertmanager(server('Alertmanager', 'alertmanager')),
    prometheuses: () => replicated('Prometheus', 'prometheus').map((one) => connectPrometheus(one)),
    alertmanagers: () => replicated('Alertmanager', 'alertmanager').map((one) => connectAlertmanager(one)),
    boardServer: () => connectBoardServer(server('the board server', 'boards')),
    onCall: async () => {
      const { rotation } = gate.stack;
      if (rotation === undefined) throw notConfigured('the rotation', 'rotation');
      return whoIsOnCall(server('the rotation', 'rotation'), rotation.escalationPolicy, own);
    },
    deadMan: () => {
      const { deadMan } = gate.stack;
      if (deadMan === undefined) throw notConfigured("the dead-man's switch", 'deadMan');
      const { apiKey, check } = deadMan;
      return connectDeadManSwitch(server("the dead-man's switch", 'deadMan'), { apiKey, check });
    },
    people: gate.people,
  });

  return {
    read: (own) => ({ ...own, ...servers(own), declared: declaredBy(gate, options.probes) }),
    connect: (own) => ({
      ...own,
      ...servers(own),
      channel,
      boards: gate.boards,
      runCheck: (name) => {
        const check = gate.checks.find((each) => each.name === name);
        const probe = check && options.probes.get(check.probe);
        if (check === undefined || probe === undefined) throw new Error(`no check "${name}": the gate's loader should have said so`);
        return runCheck(check, probe, { clock, signal: own.signal, keep: own.keep });
      },
    }),
    close: async () => {
      await Promise.allSettled([...opened.values()].map(async (opening) => (await opening).close()));
    },
  };
}

function notConfigured(name: string, part: string): Fault {
  return new Fault('stack/not-configured', `the gate does not say where ${name} is`, {
    hint: `add to the gate file: stack: { ${part}: { url: http://… } }`,
  });
}
