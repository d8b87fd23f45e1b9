import type { Server } from './http.ts';

/** Questions to a server of boards: a Grafana, or liveproof's own, which answers the same questions in Grafana's way. */
export interface BoardServer {
  readonly url: string;
}

/** Nothing is contacted until it is asked something. */
export function connectBoardServer(server: Server): BoardServer {
  return { url: server.url };
}
