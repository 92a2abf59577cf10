import { useLive } from "../../live/use-live.ts";
import { requestsTexts as words } from "../../texts/requests.ts";
import { RequestCard } from "./card.tsx";
import { openOf } from "./shown.ts";
import { useApprover } from "./use-approver.ts";
import { useCurrent } from "./use-current.ts";

/** What the open session waits for, under its transcript; nothing where it waits for nothing. */
export function SessionRequests({ session }: { session: string }) {
  const requests = useLive((store) => store.requests);
  const open = openOf(requests).filter((row) => row.session === session);
  const { mayDecide, dangerous } = useApprover();
  const current = useCurrent(open);
  if (open.length === 0) return null;
  return (
    <section
      aria-label={words.title}
      className="grid max-h-[60%] flex-none gap-4 overflow-y-auto border-approval-fill border-t-2 bg-page px-4 py-3"
    >
      {open.map((row, index) => (
        <RequestCard
          key={row.id}
          row={row}
          current={row.id === current.row?.id}
          place={`${index} ${row.id === current.row?.id ? current.moves : 0}`}
          mayDecide={mayDecide}
          dangerous={dangerous}
          inSession
          onCurrent={() => current.choose(row.id)}
        />
      ))}
    </section>
  );
}
