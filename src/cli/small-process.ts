/**
 * What keeps the process of a daemon small: a thousand checks take half the memory. V8 takes these only at the start of a process. The heap may grow by
 * a part of what is alive before it is collected; young objects get room enough for most of them to die there; the threads that would compile and
 * collect beside us keep memory of their own, and there is no core for them to do it on.
 */
export const smallFlags = [
  '--optimize-for-size',
  '--heap-growing-percent=60',
  '--min-semi-space-size=4',
  '--max-semi-space-size=4',
  '--no-concurrent-recompilation',
  '--v8-pool-size=1',
] as const;

/** The allocator of glibc would keep a pool for every thread, and what was freed in the middle of each. Other allocators ignore it. */
export const smallEnvironment = {
  MALLOC_ARENA_MAX: '1',
  MALLOC_TRIM_THRESHOLD_: '131072',
  MALLOC_MMAP_THRESHOLD_: '131072',
} as const;

/**
 * Starts this command anew in its own place, with the same process id, when it was started without these; does not come back then. Whoever has chosen
 * one of them is left alone, and so are systems that cannot replace a process.
 */
export function becomeSmall(): void {
  const given = [...process.execArgv, process.env['NODE_OPTIONS'] ?? ''].join(' ');
  const isChosen = smallFlags.some((flag) => given.includes(flag.replace(/=.*/, '')));
  if (process.execve === undefined || process.platform === 'win32' || isChosen) {
    forgetEnvironment();
    return;
  }
  const [, ...words] = process.argv;
  const args = [process.execPath, ...process.execArgv, ...smallFlags, ...words];
  process.execve(process.execPath, args, { ...smallEnvironment, ...process.env });
}

/** It was read when the process began; browsers and scripts that this one starts are not to have it. */
function forgetEnvironment(): void {
  for (const [name, value] of Object.entries(smallEnvironment)) if (process.env[name] === value) delete process.env[name];
}
