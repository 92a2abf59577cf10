export { Inputs } from "./inputs.ts";
export { Terminals } from "./terminals.ts";
