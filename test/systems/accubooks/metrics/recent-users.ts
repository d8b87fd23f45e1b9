/** Which users did something within the last `windowMs`. Holds at most one entry a user. */
export interface RecentUsers {
  saw(userId: number): void;
  count(): number;
}

export function createRecentUsers(windowMs: number, nowMs: () => number = () => performance.now()): RecentUsers {
  const lastSeenMs = new Map<number, number>();
  return {
    saw: (userId) => void lastSeenMs.set(userId, nowMs()),
    count: () => {
      for (const [userId, seenMs] of lastSeenMs) if (seenMs < nowMs() - windowMs) lastSeenMs.delete(userId);
      return lastSeenMs.size;
    },
  };
}
