/** A title that a page must not take from a terminal. */
export const HOSTILE_TITLE = "stolen title";

/** All that a program may ask of a terminal, and what it may have it do beside drawing. */
export const HOSTILE_OUTPUT = [
  // Its kind, state, place of the cursor, modes and settings.
  "\x1b[c\x1b[>c\x1b[=c\x1b[5n\x1b[6n\x1b[?6n\x1b[?15n\x1b[?25n\x1b[?26n\x1b[?53n\x1bZ\x05",
  '\x1b[?1$p\x1b[4$p\x1bP$qm\x1b\\\x1bP$q"p\x1b\\\x1bP+q544e\x1b\\\x1b[>q\x1b[x\x1b[?u',
  // Its colours, its clipboard, its window.
  "\x1b]4;1;?\x07\x1b]10;?\x07\x1b]11;?\x07\x1b]12;?\x07\x1b]52;c;?\x07",
  "\x1b[14t\x1b[16t\x1b[18t\x1b[19t\x1b[20t\x1b[21t",
  // Reports of the focus and the mouse.
  "\x1b[?1004h\x1b[?1000h\x1b[?1003h\x1b[?1006h",
  // A title, a clipboard, other colours.
  `\x1b]0;${HOSTILE_TITLE}\x07\x1b]2;${HOSTILE_TITLE}\x1b\\`,
  `\x1b]52;c;${Buffer.from("stolen").toString("base64")}\x07`,
  "\x1b]10;#ff0000\x07\x1b]11;#00ff00\x07",
];

/** Words that a terminal may make a link of, and a page an image. */
export const HOSTILE_LINK = "\x1b]8;;https://evil.example/\x1b\\a link\x1b]8;;\x1b\\ <img src=https://evil.example/x>";
