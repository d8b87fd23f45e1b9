import type { Page } from 'playwright';
import type { PanelFacts } from './facts.ts';

/** How the panels of a page are read, by whoever made the page. */
export interface Look {
  /** The declared panels as the page shows them now. */
  read(page: Page, panels: readonly { readonly id: string; readonly title: string }[]): Promise<PanelFacts[]>;
}

/** liveproof's own pages say what they show in attributes. */
const liveproof: Look = {
  read: (page, panels) =>
    page.evaluate(
      (wanted) =>
        wanted.map(({ id, title }) => {
          const element = document.querySelector<HTMLElement>(`[data-panel="${CSS.escape(id)}"]`);
          if (element === null) return { id, title, state: 'missing' as const, shown: [] };
          const shown = [...element.querySelectorAll<HTMLElement>('[data-value]')].map(({ dataset }) => dataset['value'] ?? '');
          const error = element.querySelector('[data-error]')?.textContent ?? undefined;
          const state = (element.dataset['state'] ?? 'loading') as 'ok' | 'empty' | 'error' | 'loading';
          return { id, title, state, shown, ...(error === undefined ? {} : { error }) };
        }),
      panels.map(({ id, title }) => ({ id, title })),
    ),
};

/** Grafana's test ids, as @grafana/e2e-selectors publishes them for versions 10 and newer. */
const grafana: Look = {
  read: (page, panels) =>
    page.evaluate(
      (wanted) =>
        wanted.map(({ id, title }) => {
          const element = document.querySelector<HTMLElement>(`[data-testid="data-testid Panel header ${CSS.escape(title)}"]`);
          if (element === null) return { id, title, state: 'missing' as const, shown: [] };
          const failed = element.querySelector<HTMLElement>('[data-testid="data-testid Panel status error"]');
          const text = (element.querySelector('[data-testid="data-testid panel content"]') ?? element).textContent ?? '';
          if (failed !== null)
            return { id, title, state: 'error' as const, shown: [], error: failed.getAttribute('aria-label') ?? 'panel error' };
          if (element.querySelector('[data-testid="data-testid Panel data error message"]') !== null || text.includes('No data'))
            return { id, title, state: 'empty' as const, shown: [] };
          return {
            id,
            title,
            state: text.trim() === '' ? ('loading' as const) : ('ok' as const),
            shown: text.match(/-?\d+(?:\.\d+)?/g) ?? [text.trim()],
          };
        }),
      panels.map(({ id, title }) => ({ id, title })),
    ),
};

export const looks = { liveproof, grafana } as const;
