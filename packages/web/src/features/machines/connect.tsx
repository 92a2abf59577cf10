import { Link } from "@tanstack/react-router";
import { machinesPageTexts as texts } from "../../texts/machines-page.ts";
import { CopyLine } from "../../ui/copy-line.tsx";

/** What stands where no machine is: how one comes here, or that this one never did. */
export function NoMachine({ unknown = false }: { unknown?: boolean }) {
  return (
    <div className="scroll min-h-0 flex-1">
      <div className="grid max-w-[640px] gap-3 px-6 py-8 split:px-16 split:py-12">
        <h1 className="font-semibold text-xl">{unknown ? texts.notFoundTitle : texts.emptyTitle}</h1>
        <p className="text-fg-2">{unknown ? texts.notFound : texts.emptyLead}</p>
        {unknown ? (
          <Link to="/machines" className="text-accent underline">
            {texts.title}
          </Link>
        ) : (
          <>
            <p className="pt-2 text-fg-2">{texts.emptyHere}</p>
            <CopyLine command="agentpane up" />
            <p className="text-fg-2">{texts.emptyAlone}</p>
            <CopyLine command="agentpane monitor" />
          </>
        )}
      </div>
    </div>
  );
}

/** How one more comes here; folded, since it is wanted once. */
export function Connect() {
  return (
    <details className="border-line border-t px-6 py-4 text-s max-desk:px-4">
      <summary className="w-fit cursor-default rounded-m font-medium text-fg-2 hover:text-fg">{texts.connect}</summary>
      <div className="grid max-w-[640px] gap-2 pt-3">
        <p className="text-fg-2">{texts.connectToken}</p>
        <CopyLine command="agentpane tokens add NAME --role monitor" />
        <p className="text-fg-2">{texts.connectThere}</p>
        <CopyLine command="agentpane monitor --server http://127.0.0.1:4477 --token-file FILE" />
        <p className="text-fg-3">{texts.connectReach}</p>
      </div>
    </details>
  );
}
