import { createAdaptorServer } from '@hono/node-server';
import { Hono } from 'hono';
import { listenOnLoopback } from './listen.ts';
import type { Part } from './part.ts';

/** Something that can be ended as if its machine were lost, and started again. */
export interface Supervised {
  crash(): Promise<void>;
  resume(): Promise<void>;
}

/** How a supervisor fails those who rely on it. */
export type SupervisorFault = 'says yes and does nothing' | 'does not give back' | 'refuses';

export interface RunningSupervisor extends Part {
  readonly url: string;
  behave(fault: SupervisorFault | undefined): void;
  /** Starts everything again that is stopped. */
  resumeAll(): Promise<void>;
}

const longestS = 600;

/**
 * Starts what an operator's own tool would be: `POST /NAME/stop {"for": seconds}` ends a part, `POST /NAME/start` starts it again.
 * Whatever nobody starts again comes back when its time is over.
 */
export async function startSupervisor(parts: Readonly<Record<string, Supervised>>): Promise<RunningSupervisor> {
  let fault: SupervisorFault | undefined;
  const stopped = new Map<string, NodeJS.Timeout>();
  // One after the other: what is started while it is being stopped would be lost.
  let turn: Promise<unknown> = Promise.resolve();
  const inTurn = async (work: () => Promise<void>): Promise<void> => {
    const done = turn.then(work);
    turn = done.catch(() => undefined);
    await done;
  };
  const resume = (name: string): Promise<void> =>
    inTurn(async () => {
      const timer = stopped.get(name);
      if (timer === undefined) return;
      clearTimeout(timer);
      await parts[name]?.resume();
      stopped.delete(name);
    });

  const app = new Hono();
  app.post('/:name/stop', async (context) => {
    const name = context.req.param('name');
    const part = parts[name];
    const { for: seconds } = await context.req.json<{ for?: number }>();
    if (part === undefined) return context.json({ error: `there is no ${name}` }, 404);
    if (typeof seconds !== 'number' || !(seconds > 0 && seconds <= longestS)) return context.json({ error: 'for how many seconds?' }, 400);
    if (fault === 'refuses') return context.json({ error: 'not allowed' }, 403);
    if (fault === 'says yes and does nothing') return context.json({ stopped: name });
    await inTurn(async () => {
      if (stopped.has(name)) return;
      await part.crash();
      stopped.set(
        name,
        setTimeout(() => void resume(name).catch(() => undefined), seconds * 1000),
      );
    });
    return context.json({ stopped: name });
  });
  app.post('/:name/start', async (context) => {
    const name = context.req.param('name');
    if (parts[name] === undefined) return context.json({ error: `there is no ${name}` }, 404);
    if (fault !== 'does not give back') await resume(name);
    return context.json({ started: name });
  });
  const listening = await listenOnLoopback(createAdaptorServer(app), 0, () => {
    for (const timer of stopped.values()) clearTimeout(timer);
  });
  return {
    ...listening,
    behave: (next) => {
      fault = next;
    },
    resumeAll: async () => {
      await Promise.all([...stopped.keys()].map(resume));
    },
  };
}
