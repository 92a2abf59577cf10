import { PanelLeft } from "lucide-react";
import { useSyncExternalStore } from "react";
import { useServices } from "../../services.ts";
import { texts } from "../../texts.ts";
import { Button } from "../../ui/controls.tsx";
import { CopyLine } from "../../ui/copy-line.tsx";

/** Without a token: how to get a link, and why the last one did not do. */
export function SignIn() {
  const { access, api } = useServices();
  const state = useSyncExternalStore(access.subscribe, access.getSnapshot);
  const reason = state.kind === "signed-out" ? state.reason : null;
  return (
    <main className="scroll grid h-full content-start justify-items-center px-6 pt-[14vh] pb-12">
      <div className="grid w-full max-w-[420px] gap-4">
        <p className="flex items-center gap-2 font-semibold">
          <PanelLeft aria-hidden size={16} strokeWidth={1.75} className="text-accent" />
          {texts.product}
        </p>
        {state.kind === "signing-in" ? (
          <h1 className="font-semibold text-xl" role="status">
            {texts.signIn.signingIn}…
          </h1>
        ) : (
          <>
            <h1 className="font-semibold text-xl">{texts.signIn.title}</h1>
            {reason !== null && (
              <p role="alert" className="rounded-m bg-error-wash px-3 py-2 text-error">
                {reason === "refused"
                  ? texts.signIn.refused
                  : reason === "unreachable"
                    ? texts.signIn.unreachable
                    : texts.signIn.codeInvalid}
              </p>
            )}
            {access.canRetry && (
              <div>
                <Button look="primary" onClick={() => void access.retry(api.login)}>
                  {texts.sessions.tryAgain}
                </Button>
              </div>
            )}
            <p className="text-fg-2">{texts.signIn.lead}</p>
            <CopyLine command={texts.signIn.command} />
            <p className="text-fg-3 text-s">{texts.signIn.hint}</p>
          </>
        )}
      </div>
    </main>
  );
}
