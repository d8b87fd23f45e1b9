/** The JSON that is posted: `{{text}}` and `{{nonce}}` replaced within its strings, so that no character can break out of them. */
export function fillTemplate(template: string, values: { readonly text: string; readonly nonce: string }): unknown {
  return JSON.parse(template, (_key, value: unknown) =>
    typeof value === 'string' ? value.replace(/\{\{(text|nonce)\}\}/g, (_mark, name: 'text' | 'nonce') => values[name]) : value,
  );
}
