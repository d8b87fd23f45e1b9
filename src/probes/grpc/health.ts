import type { Client, Metadata, MethodDefinition, ServiceError } from '@grpc/grpc-js';
import { fromJSON } from '@grpc/proto-loader';

export interface HealthRequest {
  readonly service: string;
}

export interface HealthResponse {
  /** A number when it is none that the protocol knows. */
  readonly status: string | number;
}

/** The package grpc.health.v1 as far as it is asked here. */
const health = {
  HealthCheckRequest: { fields: { service: { type: 'string', id: 1 } } },
  HealthCheckResponse: {
    fields: { status: { type: 'ServingStatus', id: 1 } },
    nested: { ServingStatus: { values: { UNKNOWN: 0, SERVING: 1, NOT_SERVING: 2, SERVICE_UNKNOWN: 3 } } },
  },
  Health: { methods: { Check: { requestType: 'HealthCheckRequest', responseType: 'HealthCheckResponse', comment: '' } } },
};

/** As every implementation has it. */
export const healthService = fromJSON(
  { nested: { grpc: { nested: { health: { nested: { v1: { nested: health } } } } } } },
  { enums: String, defaults: true },
)['grpc.health.v1.Health'] as unknown as { readonly Check: MethodDefinition<HealthRequest, HealthResponse> };

/** Asks once; rejects with a ServiceError. */
export function askHealth(client: Client, request: HealthRequest, metadata: Metadata): Promise<HealthResponse> {
  const { path, requestSerialize, responseDeserialize } = healthService.Check;
  const { promise, resolve, reject } = Promise.withResolvers<HealthResponse>();
  client.makeUnaryRequest(path, requestSerialize, responseDeserialize, request, metadata, (error: ServiceError | null, answer) => {
    if (error === null && answer !== undefined) resolve(answer);
    else reject(error ?? new Error('neither an answer nor an error'));
  });
  return promise;
}
