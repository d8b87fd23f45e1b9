/** A started part of the stack, to be stopped once; stopping it again does nothing more. */
export interface Part extends AsyncDisposable {
  stop(): Promise<void>;
}

/** The two ways to stop what `stack` has collected: by name, and by `await using`. */
export function partOf(stack: AsyncDisposableStack): Part {
  let stopping: Promise<void> | undefined;
  const stop = async (): Promise<void> => await (stopping ??= stack.disposeAsync());
  return { stop, [Symbol.asyncDispose]: stop };
}

/**
 * Starts several parts at the same time and gives them all to `owner`, or throws the first failure.
 * It always waits for every one of them: a part that came up beside a failed one must be stopped too.
 */
export async function startTogether<Parts extends readonly AsyncDisposable[]>(
  owner: AsyncDisposableStack,
  starts: { readonly [Index in keyof Parts]: Promise<Parts[Index]> },
): Promise<Parts> {
  const results = await Promise.allSettled(starts as readonly Promise<AsyncDisposable>[]);
  for (const result of results) if (result.status === 'fulfilled') owner.use(result.value);
  for (const result of results) if (result.status === 'rejected') throw result.reason;
  return await Promise.all(starts);
}
