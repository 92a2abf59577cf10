export { USAGE_GROUPS } from "./rollup/usage-report.ts";
export { runUsageScan } from "./run-usage-scan.ts";
