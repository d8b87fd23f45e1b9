import type { ContentfulStatusCode } from 'hono/utils/http-status';

/** A request that the app declines on purpose; the status and code go to the client as they are. */
export class Refusal extends Error {
  readonly status: ContentfulStatusCode;
  readonly code: string;

  constructor(status: ContentfulStatusCode, code: string, message: string) {
    super(message);
    this.name = 'Refusal';
    this.status = status;
    this.code = code;
  }
}
