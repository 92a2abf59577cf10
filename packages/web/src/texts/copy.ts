/** What copies a line. */
export const copyTexts = {
  copy: "Copy",
  copied: "Copied",
  failed: "Could not be copied",
  command: "Copy the command",
  output: "Copy the output",
  diff: "Copy the diff",
  answer: "Copy the answer as Markdown",
  code: "Copy the code",
} as const;
