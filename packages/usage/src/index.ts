export {
  type CountedResponse,
  compareEarliest,
  compareElected,
  countResponse,
  type LocatedCopy,
  responseKey,
} from "./copies/election.ts";
export { CopyLedger, type ResponseChange } from "./copies/ledger.ts";
export { reportTable, usageJson, usageTable } from "./print.ts";
export { type Charge, chargesOf, type TokenCounts } from "./rates/charge.ts";
export { addCostByKind, noCost } from "./rates/cost-by-kind.ts";
export { type LibraryModel, loadLibraryModels } from "./rates/library.ts";
export type { PriceOverride } from "./rates/overrides.ts";
export { parsePriceData, priceDataUrl, ratesFingerprint } from "./rates/price-data.ts";
export { RateBook, type Rates, type Tariff, type Terms } from "./rates/rate-book.ts";
export { type ListedModel, type ListedPeriod, type ListedRates, OWN_MODELS } from "./rates/rates-table.ts";
export { contextWindow } from "./rates/windows.ts";
export { type DayClock, dayClock } from "./rollup/day.ts";
export { isWithin, type Period, periodOf } from "./rollup/period.ts";
export { ReportBuilder, USAGE_GROUPS, type UsageGroup, type UsageReport } from "./rollup/usage-report.ts";
export { type UsageRow, UsageTotals } from "./rollup/usage-row.ts";
export { runUsageScan } from "./run-usage-scan.ts";
export { type ScanQuery, scanUsage, type UsageScan } from "./scan/scan-usage.ts";
