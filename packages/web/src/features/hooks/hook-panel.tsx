import type { HookFile, HooksReport } from "@agentpane/protocol";
import { Check, CircleAlert, CircleDashed } from "lucide-react";
import { useState } from "react";
import { hooksTexts as texts } from "../../texts/hooks.ts";
import { Button } from "../../ui/controls.tsx";
import { CopyLine } from "../../ui/copy-line.tsx";
import { Command, Words } from "../../ui/text.tsx";
import { SettingsDiff } from "./settings-diff.tsx";
import { type Hooks, toInstall, useHooks } from "./use-hooks.ts";

/** How the hook stands on one machine, and the one button that changes it, below the exact change. */
export function HookPanel({ machine }: { machine: string }) {
  const hooks = useHooks(machine);
  const { isAdmin, report, problem, changing, done } = hooks;
  if (isAdmin === false) {
    return (
      <div className="grid gap-2 text-s">
        <p className="text-fg-2">{texts.notAdmin}</p>
        <CopyLine command={texts.command} />
      </div>
    );
  }
  return (
    <div className="grid min-w-0 gap-3 text-s">
      {report === null ? (
        problem === null && (
          <p role="status" className="text-fg-3">
            {texts.loading}
          </p>
        )
      ) : (
        <Standing report={report} />
      )}
      {report !== null && <Change report={report} hooks={hooks} />}
      <p role="status" className={changing || done !== null ? "text-fg-2" : "sr-only"}>
        {changing ? texts.changing : done === null ? "" : texts.done[done]}
      </p>
      {problem !== null && (
        <div className="flex flex-wrap items-center gap-3">
          <p role="alert" className="min-w-0 text-error [overflow-wrap:anywhere]">
            <Words>{problem}</Words>
          </p>
          <Button onClick={hooks.again}>{texts.again}</Button>
        </div>
      )}
    </div>
  );
}

function Standing({ report }: { report: HooksReport }) {
  const { files, listening, reason } = report;
  return (
    <ul className="grid gap-1.5">
      {files.length === 0 && <li className="text-fg-2">{texts.noRoot}</li>}
      {files.map((file) => (
        <FileState key={file.path} file={file} />
      ))}
      {!listening && (
        <li className="grid grid-cols-[14px_minmax(0,1fr)] gap-x-2">
          <CircleAlert aria-hidden size={14} className="mt-0.5 text-error" />
          <span>
            <b className="font-medium">{texts.deaf}.</b>{" "}
            <span className="text-fg-2">
              <Words>{reason ?? ""}</Words>
            </span>
          </span>
        </li>
      )}
    </ul>
  );
}

function FileState({ file: { path, state, problem } }: { file: HookFile }) {
  const Icon = state === "installed" ? Check : state === "absent" ? CircleDashed : CircleAlert;
  const ink = state === "installed" ? "text-add-fg" : state === "absent" ? "text-fg-3" : "text-error";
  return (
    <li className="grid grid-cols-[14px_minmax(0,1fr)] gap-x-2">
      <Icon aria-hidden size={14} className={`mt-0.5 ${ink}`} />
      <span className="min-w-0 [overflow-wrap:anywhere]">
        <b className="font-medium">{texts.state[state]}</b>{" "}
        <code className="text-xs">
          <Command>{path}</Command>
        </code>{" "}
        <span className="text-fg-2">
          {texts.stateHelp[state]}
          {problem !== null && (
            <>
              {" "}
              <Words>{problem}</Words>
            </>
          )}
        </span>
      </span>
    </li>
  );
}

function Change({ report, hooks }: { report: HooksReport; hooks: Hooks }) {
  const [showsRemoval, setShowsRemoval] = useState(false);
  const wanted = toInstall(report);
  const removable = report.files.filter(({ diff }) => diff?.action === "uninstall");
  // The monitor refuses to write anything while one file of them is broken.
  const isBroken = report.files.some(({ state }) => state === "invalid");
  if (wanted.length > 0) {
    return (
      <>
        <p className="text-fg-2">{texts.wholeChange}</p>
        {wanted.map((file) => (
          <SettingsDiff key={file.path} file={file} />
        ))}
        <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
          <Button look="primary" disabled={hooks.changing || isBroken} onClick={() => hooks.change("install")}>
            {texts.install} {wanted.length > 1 && texts.installIn(wanted.length)}
          </Button>
          <span className="text-fg-2">
            {texts.undo} <code className="text-xs">{texts.undoCommand}</code>
          </span>
        </div>
      </>
    );
  }
  if (removable.length === 0) return null;
  if (!showsRemoval) {
    return (
      <div>
        <Button onClick={() => setShowsRemoval(true)}>{texts.show}</Button>
      </div>
    );
  }
  return (
    <>
      <p className="text-fg-2">{texts.wholeRemoval}</p>
      {removable.map((file) => (
        <SettingsDiff key={file.path} file={file} />
      ))}
      <div className="flex flex-wrap gap-2">
        <Button
          disabled={hooks.changing || isBroken}
          onClick={() => {
            setShowsRemoval(false);
            hooks.change("uninstall");
          }}
        >
          {texts.uninstall}
        </Button>
        <Button look="bare" onClick={() => setShowsRemoval(false)}>
          {texts.hide}
        </Button>
      </div>
    </>
  );
}
