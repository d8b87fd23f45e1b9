import { Agent, request } from 'undici';

export interface Call {
  readonly method?: 'GET' | 'POST' | 'DELETE' | undefined;
  readonly path: string;
  readonly token?: string | undefined;
  readonly json?: unknown;
  readonly headers?: Readonly<Record<string, string>> | undefined;
}

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly text: string;
  json<Body>(): Body;
}

/** Talks HTTP to a running AccuBooks over connections of its own. */
export interface Client {
  call(call: Call): Promise<Answer>;
  /** Returns the session token; throws when the sign-in is refused. */
  signIn(email: string, password: string): Promise<string>;
  close(): Promise<void>;
}

export function createClient(url: string): Client {
  const dispatcher = new Agent({ headersTimeout: 30_000, bodyTimeout: 30_000 });
  const call = async ({ method = 'GET', path, token, json, headers }: Call): Promise<Answer> => {
    const answer = await request(`${url}${path}`, {
      method,
      dispatcher,
      headers: {
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
        ...(json === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      body: json === undefined ? null : JSON.stringify(json),
    });
    const text = await answer.body.text();
    return { status: answer.statusCode, headers: answer.headers, text, json: <Body>() => JSON.parse(text) as Body };
  };
  return {
    call,
    signIn: async (email, password) => {
      const answer = await call({ method: 'POST', path: '/api/sign-in', json: { email, password } });
      if (answer.status !== 200) throw new Error(`sign-in as ${email} answered ${String(answer.status)}`);
      return answer.json<{ token: string }>().token;
    },
    close: () => dispatcher.close(),
  };
}
