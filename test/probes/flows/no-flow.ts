export const flow = 'not exported by default';
