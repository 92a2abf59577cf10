import { getRouteApi } from "@tanstack/react-router";
import { SessionPanel } from "./panel.tsx";

const route = getRouteApi("/sessions/sessions/$sessionId");

export function SessionRoute() {
  const { sessionId } = route.useParams();
  const { agent, tab, event } = route.useSearch();
  return <SessionPanel sessionId={sessionId} agentId={agent ?? null} tab={tab ?? "transcript"} event={event ?? null} />;
}
