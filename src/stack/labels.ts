/** Labels of a series, an alert or a rule. */
export type Labels = Readonly<Record<string, string>>;
