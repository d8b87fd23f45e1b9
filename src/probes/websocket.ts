import { defineProbe } from '../check/probe.ts';
import { restsOnCa } from '../wire/rests-on-ca.ts';
import { judgeWebsocket } from './websocket/judge.ts';
import { websocketObservation } from './websocket/observation.ts';
import { observeWebsocket } from './websocket/observe.ts';
import { websocketOptions } from './websocket/options.ts';
import { websocketReadings } from './websocket/readings.ts';

export default defineProbe({
  kind: 'websocket',
  summary: 'A WebSocket: the handshake, messages there and back, how it is closed.',
  options: websocketOptions,
  observation: websocketObservation,
  observe: observeWebsocket,
  judge: judgeWebsocket,
  readings: websocketReadings,
  restsOn: restsOnCa,
});
