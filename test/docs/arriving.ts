/**
 * Commands and options of which the pages speak already and the program does not know yet. A test asks for an entry to be taken out
 * once it is there, and for none to be left when a version is released.
 */
export const arriving: readonly (readonly string[])[] = [['gate', '--plan'], ['gate', '--allow-paging'], ['verify', '--policy'], ['sign']];
