/** `system` follows the device; the other two are a person's choice, kept in a cookie so that the server paints it. */
export const THEMES = ['system', 'light', 'dark'] as const;
export type Theme = (typeof THEMES)[number];

export const THEME_COOKIE = 'filmpost-theme';

const ONE_YEAR_IN_SECONDS = 31_536_000;

/** Anything that is not one of ours is `system`: cookies are written by strangers too. */
export function themeFrom(text: string | undefined): Theme {
  return THEMES.find((theme) => theme === text) ?? 'system';
}

/** The theme the page is painted with now. Browser only. */
export function currentTheme(): Theme {
  return themeFrom(document.documentElement.dataset.theme);
}

/** Paints this page at once and remembers the choice on this device. Browser only. */
export function chooseTheme(theme: Theme): void {
  document.documentElement.dataset.theme = theme;
  document.cookie = `${THEME_COOKIE}=${theme}; Path=/; Max-Age=${ONE_YEAR_IN_SECONDS}; SameSite=Lax`;
}
