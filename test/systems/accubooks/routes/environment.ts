import type { Context } from 'hono';
import type { z } from 'zod';
import type { User } from '../accounts.ts';
import { Refusal } from '../refusal.ts';

/** What middleware hands on to routes. */
export interface Environment {
  Variables: { user: User; token: string };
}

/** Reads a JSON body whatever its Content-Type says: the guide's own `curl -d` sends none that fits. Refuses with 400. */
export async function bodyOf<Schema extends z.ZodType>(context: Context, schema: Schema): Promise<z.output<Schema>> {
  let json: unknown;
  try {
    json = JSON.parse(await context.req.text());
  } catch {
    throw new Refusal(400, 'invalid-json', 'The body is not JSON.');
  }
  const parsed = schema.safeParse(json);
  if (parsed.success) return parsed.data;
  const issues = parsed.error.issues.map((issue) => `${issue.path.join('.') || 'body'}: ${issue.message}`);
  throw new Refusal(400, 'invalid-body', issues.join('; '));
}
