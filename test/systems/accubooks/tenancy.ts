import type { User } from './accounts.ts';
import type { Row } from './database/database.ts';

/** A row of one firm was about to be shown to a user of another: a bug in a query, never the user's doing. */
export class TenantViolation extends Error {
  override readonly name = 'TenantViolation';
}

/**
 * The second lock behind `where tenant_id = ?`: whoever reads a tenant's rows passes them through here,
 * so a query that lost its condition ends in an error and a count instead of in a leak.
 */
export type OwnRows = (user: User, rows: readonly Row[]) => readonly Row[];

export function createOwnRows(violated: () => void): OwnRows {
  return (user, rows) => {
    if (rows.every((row) => row['tenant_id'] === user.tenantId)) return rows;
    violated();
    throw new TenantViolation(`rows of another tenant were about to reach user ${String(user.id)}`);
  };
}
