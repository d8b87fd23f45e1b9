import type { Page } from 'playwright';
import { shortened } from '../../base/shortened.ts';
import type { PanelFacts } from './facts.ts';
import { numberPattern } from './number.ts';

type Wanted = readonly { readonly id: string; readonly title: string }[];

/** How the panels of a page are read, by whoever made the page. */
export interface Look {
  /** Brings to sight what is there and folded away. */
  unfold(page: Page): Promise<void>;
  /** The declared panels as the page shows them now. */
  read(page: Page, panels: Wanted): Promise<PanelFacts[]>;
}

/** liveproof's own pages say what they show in attributes. */
const liveproof: Look = {
  unfold: () => Promise.resolve(),
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

const foldedRow = 'button[aria-label="Expand row"]';
const mostRows = 50;
const clickWithinMs = 2_000;

/** Grafana's test ids, as @grafana/e2e-selectors publishes them for versions 11.1 and newer. Why a panel failed stands only in a tooltip: the answers to it say so. */
const grafana: Look = {
  unfold: async (page) => {
    for (let row = 0; row < mostRows && (await page.locator(foldedRow).count()) > 0; row += 1) {
      await page.locator(foldedRow).first().click({ timeout: clickWithinMs });
    }
  },
  read: async (page, panels) => {
    const found = await page.evaluate(
      ({ wanted, pattern }) => {
        const isNumber = new RegExp(pattern);
        /** The texts with a figure in them, each with the unit that stands beside it. */
        const numbersIn = (content: Element): string[] => {
          const hasDigit = (node: Node): boolean => /\d/.test(node.textContent ?? '');
          const textNodes = (root: Node): Node[] =>
            [...root.childNodes].flatMap((node) => (node.nodeType === Node.TEXT_NODE ? [node] : textNodes(node)));
          return textNodes(content)
            .filter(hasDigit)
            .flatMap((node) => {
              let best = isNumber.test(node.textContent ?? '') ? (node.textContent ?? '').trim() : undefined;
              for (let around = node.parentElement; around !== null && content.contains(around); around = around.parentElement) {
                if (textNodes(around).filter(hasDigit).length > 1 || !isNumber.test(around.textContent ?? '')) break;
                best = (around.textContent ?? '').trim();
              }
              return best === undefined ? [] : [best];
            });
        };
        return wanted.map(({ id, title }) => {
          const element = document.querySelector<HTMLElement>(`[data-testid="data-testid Panel header ${CSS.escape(title)}"]`);
          if (element === null) return { id, title, state: 'missing' as const, shown: [] };
          if (element.querySelector('[data-testid="data-testid Panel status error"]') !== null)
            return { id, title, state: 'error' as const, shown: [] };
          const content = element.querySelector('[data-testid="data-testid panel content"]') ?? element;
          const text = (content.textContent ?? '').trim();
          if (element.querySelector('[data-testid="data-testid Panel data error message"]') !== null || text === 'No data')
            return { id, title, state: 'empty' as const, shown: [] };
          if (text === '' && content.querySelector('canvas, svg') === null) return { id, title, state: 'loading' as const, shown: [] };
          const numbers = numbersIn(content);
          return { id, title, state: 'ok' as const, shown: numbers.length > 0 ? numbers : [text] };
        });
      },
      { wanted: panels.map(({ id, title }) => ({ id, title })), pattern: numberPattern },
    );
    // Not in the page: what runs there knows nothing of this file.
    return found.map((panel) => ({ ...panel, shown: panel.shown.map((text) => shortened(text, 200)) }));
  },
};

export const looks = { liveproof, grafana } as const;
