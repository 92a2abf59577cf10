export { runHooksChange, runHooksStatus } from "./command/hooks.ts";
export { buildProgram } from "./command/program.ts";
export {
  ConfigError,
  type MonitorConfig,
  type MonitorSecrets,
  type RawMonitorConfig,
  readMonitorSecrets,
  resolveMonitorConfig,
} from "./config.ts";
export { othersCanLogIn } from "./hooks/other-users.ts";
export { createLoggers, type LogLevel, type MonitorLoggers } from "./logger.ts";
export { type Monitor, type MonitorOptions, startMonitor } from "./monitor.ts";
export { type Typed, typeWords } from "./reach/pane/type-words.ts";
export { runInPty } from "./reach/pty/run/run.ts";
export { TmuxPanes } from "./reach/tmux/panes.ts";
export { TmuxPane } from "./reach/tmux/tmux-pane.ts";
export { terminalsOf } from "./reach/tmux/tty.ts";
export type { Surroundings } from "./state/state-folder.ts";
