import { defineProbe } from '../check/probe.ts';
import { restsOnCa } from '../wire/rests-on-ca.ts';
import { judgeGrpc } from './grpc/judge.ts';
import { grpcObservation } from './grpc/observation.ts';
import { grpcOptions } from './grpc/options.ts';
import { grpcReadings } from './grpc/readings.ts';

export default defineProbe({
  kind: 'grpc',
  summary: 'A gRPC server, by the health protocol grpc.health.v1.',
  options: grpcOptions,
  observation: grpcObservation,
  observe: async (options, context) => (await import('./grpc/observe.ts')).observeGrpc(options, context),
  judge: judgeGrpc,
  readings: grpcReadings,
  restsOn: async (options) => restsOnCa(options),
});
