export const nothing = 'to be tried';
