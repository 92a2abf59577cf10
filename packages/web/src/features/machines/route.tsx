import { useParams } from "@tanstack/react-router";
import { MachinesPage } from "./page.tsx";

export function MachinesRoute() {
  return <MachinesPage machineId={useParams({ strict: false }).machineId ?? null} />;
}
