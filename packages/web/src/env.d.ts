/// <reference types="vite/client" />

/** The version of the workspace, put in at build. */
declare const __APP_VERSION__: string;
