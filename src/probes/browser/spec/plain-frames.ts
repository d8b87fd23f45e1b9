type Prepare = NonNullable<typeof Error.prepareStackTrace>;

/** From now on: does nothing before Playwright has set how stacks are written, nor a second time. */
export function sparePlaywrightsFrames(folders: readonly string[]): void {
  const mapped = Error.prepareStackTrace;
  if (mapped === undefined || mapped === current) return;
  current = plainFrames(mapped, (file) => file.startsWith('node:') || folders.some((folder) => file.startsWith(folder)));
  Error.prepareStackTrace = current;
}
let current: Prepare | undefined;

/**
 * Playwright looks for the source of every frame of every stack, and takes a stack at every action: a fifth of what its worker does.
 * Frames of files that are their own source are written as V8 writes them; `mapped`, which is Playwright's, gets all others.
 */
export function plainFrames(mapped: Prepare, isOwnSource: (file: string) => boolean): Prepare {
  const isPlain = (frame: NodeJS.CallSite): boolean => {
    const file = frame.getFileName() ?? undefined;
    return file === undefined ? !frame.isEval() : isOwnSource(file);
  };
  return (error, frames) => {
    const head: unknown = mapped(error, []);
    if (typeof head !== 'string') return mapped(error, frames) as unknown;
    let stack = head;
    let others: NodeJS.CallSite[] = [];
    const addOthers = (): void => {
      // Together: Playwright takes the name of a function from the frame that called it.
      if (others.length > 0) stack += String(mapped(error, others)).slice(head.length);
      others = [];
    };
    for (const frame of frames) {
      if (isPlain(frame)) {
        addOthers();
        // oxlint-disable-next-line typescript/no-base-to-string -- V8's, which the type leaves out
        stack += `\n    at ${frame.toString()}`;
      } else {
        others.push(frame);
      }
    }
    addOthers();
    return stack;
  };
}
