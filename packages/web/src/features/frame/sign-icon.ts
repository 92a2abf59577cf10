/** From here on a number is too small to read in 16 pixels. */
const MAX_SHOWN = 9;

/**
 * The mark of public/icon.svg with a count on it, as a data URL. An icon stands outside of the page and its tokens, so the
 * colours are written out: those of approval, which stand on a light and on a dark row of tabs alike.
 */
export function signIcon(count: number): string {
  const shown = count > MAX_SHOWN ? `${MAX_SHOWN}+` : String(count);
  const size = shown.length > 1 ? 15 : 19;
  const svg = [
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32" fill="none" stroke-linecap="round">',
    '<rect x="2" y="4" width="28" height="24" rx="6" fill="#12161d"/>',
    '<path d="m7 13.5 4 4-4 4" stroke="#6bb7f2" stroke-width="2.6" stroke-linejoin="round"/>',
    '<circle cx="21" cy="12" r="11" fill="#f5b13d"/>',
    `<text x="21" y="${12 + size * 0.36}" fill="#171b21" font-family="system-ui,sans-serif" font-weight="700"`,
    ` font-size="${size}" text-anchor="middle">${shown}</text></svg>`,
  ].join("");
  return `data:image/svg+xml,${encodeURIComponent(svg)}`;
}
