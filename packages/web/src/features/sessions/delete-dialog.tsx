import type { SessionRow } from "@agentpane/protocol";
import { AlertDialog } from "@base-ui/react/alert-dialog";
import { useEffect, useRef, useState } from "react";
import { ApiError } from "../../api/errors.ts";
import { useServices } from "../../services.ts";
import { texts } from "../../texts.ts";
import { Button } from "../../ui/controls.tsx";
import { formatBytes } from "../../ui/format.ts";
import { Words } from "../../ui/text.tsx";
import { titleOf } from "./row.tsx";

export interface DeleteDialogProps {
  row: SessionRow;
  open: boolean;
  onOpenChange(open: boolean): void;
  onDeleted(): void;
}

type Step = "first" | "second" | "deleting";

/** Asked twice: what goes and what stays, then once more. The safe answer has the focus both times. */
export default function DeleteDialog({ row, open, onOpenChange, onDeleted }: DeleteDialogProps) {
  const { api } = useServices();
  const [step, setStep] = useState<Step>("first");
  const [failure, setFailure] = useState<string | null>(null);
  const keep = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    if (!open) return;
    setStep("first");
    setFailure(null);
  }, [open]);

  const goOn = async () => {
    if (step === "first") {
      setStep("second");
      keep.current?.focus();
      return;
    }
    setStep("deleting");
    try {
      await api.deleteSession(row.id);
    } catch (error) {
      // Somebody else was faster: it is gone, which is what was asked for.
      if (!(error instanceof ApiError && error.code === "not_found")) {
        setFailure(texts.sessions.deleteFailed);
        setStep("second");
        return;
      }
    }
    onOpenChange(false);
    onDeleted();
  };

  return (
    <AlertDialog.Root open={open} onOpenChange={(next) => step !== "deleting" && onOpenChange(next)}>
      <AlertDialog.Portal>
        <AlertDialog.Backdrop className="fixed inset-0 z-20 bg-scrim" />
        <AlertDialog.Popup
          initialFocus={keep}
          className="scroll fixed top-1/2 left-1/2 z-20 grid max-h-[90vh] w-[min(440px,calc(100vw-32px))] -translate-1/2 gap-3 rounded-l border border-strong bg-control p-5 outline-none"
        >
          <AlertDialog.Title className="font-semibold text-l">
            {step === "first" ? texts.sessions.deleteTitle : texts.sessions.deleteSure}
          </AlertDialog.Title>
          <p className="font-medium [overflow-wrap:anywhere]">
            <Words>{titleOf(row)}</Words>
          </p>
          <AlertDialog.Description className="grid gap-2 text-fg-2">
            <span>{texts.sessions.deleteGoes(row.events, formatBytes(row.bytes))}</span>
            <span>{texts.sessions.deleteStays(row.machine.name)}</span>
            <span>{texts.sessions.deleteForGood}</span>
          </AlertDialog.Description>
          <p role="alert" className="text-error empty:hidden">
            {failure}
          </p>
          <div className="mt-1 flex flex-wrap justify-end gap-2">
            <AlertDialog.Close render={<Button ref={keep} />} disabled={step === "deleting"}>
              {texts.sessions.deleteKeep}
            </AlertDialog.Close>
            <Button
              disabled={step === "deleting"}
              className="border-error-fill! text-error!"
              onClick={() => void goOn()}
            >
              {texts.sessions.deleteStep[step]}
            </Button>
          </div>
        </AlertDialog.Popup>
      </AlertDialog.Portal>
    </AlertDialog.Root>
  );
}
