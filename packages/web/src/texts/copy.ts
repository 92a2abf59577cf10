/** What copies a line. */
export const copyTexts = {
  copy: "Copy",
  copied: "Copied",
} as const;
