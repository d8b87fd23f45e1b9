import type { Context } from 'hono';

/** Grafana's error bodies of version 11: a message, an id for it, the status once more, and a trace. */
function refuse(context: Context, statusCode: 400 | 401 | 403 | 404, messageId: string, message: string): Response {
  return context.json({ message, messageId, statusCode, traceID: '' }, statusCode);
}

export const refusals = {
  unauthorized: (context: Context) =>
    context.json({ extra: null, message: 'Unauthorized', messageId: 'auth.unauthorized', statusCode: 401, traceID: '' }, 401),
  wrongPassword: (context: Context) => refuse(context, 401, 'password-auth.failed', 'Invalid username or password'),
  wrongToken: (context: Context) => refuse(context, 401, 'api-key.invalid', 'Invalid API key'),
  denied: (context: Context, permission: string) =>
    context.json(
      {
        accessErrorId: 'ACE0000000001',
        message: `You'll need additional permissions to perform this action. Permissions needed: ${permission}`,
        title: 'Access denied',
      },
      403,
    ),
  noDashboard: (context: Context) => context.json({ message: 'Dashboard not found', traceID: '' }, 404),
  noDataSource: (context: Context) => context.json({ message: 'Data source not found', traceID: '' }, 404),
  noLibraryElement: (context: Context) => context.json({ message: 'library element could not be found', traceID: '' }, 404),
  noPublicDashboard: (context: Context) => refuse(context, 404, 'publicdashboards.notFound', 'Public dashboard not found'),
  pausedPublicDashboard: (context: Context) => refuse(context, 403, 'publicdashboards.notEnabled', 'Public dashboard paused'),
  badAccessToken: (context: Context) => refuse(context, 400, 'publicdashboards.invalidAccessToken', 'Invalid access token'),
  badRequest: (context: Context, message: string) => context.json({ message, traceID: '' }, 400),
} as const;
