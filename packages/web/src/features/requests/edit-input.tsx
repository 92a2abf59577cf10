import { useId, useState } from "react";
import { requestsTexts as words } from "../../texts/requests.ts";
import { diffLines, replaceLines } from "../session/diff.ts";
import { Note } from "./card.tsx";
import { Change } from "./input-view.tsx";
import { editableOf, editedInput, type WholeRequest } from "./shown.ts";

/** What is to run instead, with the difference to what was asked. `onChange` gets the input as JSON, null while it is none. */
export function EditInput({ whole, onChange }: { whole: WholeRequest; onChange(json: string | null): void }) {
  const editable = editableOf(whole);
  const [text, setText] = useState(editable.text);
  const id = useId();
  const broken = editedInput(whole, editable, text) === null;
  const changed = text !== editable.text;
  return (
    <div className="grid gap-2">
      <label htmlFor={id} className="text-fg-2 text-s">
        {words.editing}
      </label>
      <textarea
        id={id}
        dir="ltr"
        spellCheck={false}
        value={text}
        rows={Math.min(12, text.split("\n").length + 1)}
        className="rounded-m border border-strong bg-control px-3 py-2 font-mono text-m"
        onChange={(event) => {
          setText(event.target.value);
          onChange(editedInput(whole, editable, event.target.value));
        }}
      />
      {broken && <Note alert>{words.editBroken}</Note>}
      {changed && (
        <div>
          <p className="text-fg-3 text-s">{words.editChanges}</p>
          <Change path={null} lines={diffLines(editable.text, text) ?? replaceLines(editable.text, text)} />
        </div>
      )}
    </div>
  );
}
