export { Approvers } from "./approvers.ts";
export { MachineHooks } from "./machine-hooks.ts";
export { MonitorOptions } from "./monitor-options.ts";
export { Requests } from "./requests.ts";
