import { readFileSync } from "node:fs";

/** Below this a Linux account is the system's own (login.defs, UID_MIN). */
const FIRST_PERSON_UID = 1000;
/** "nobody", who is above that and no person. */
const NOBODY_UID = 65_534;
const NO_LOGIN = /\/(nologin|false|sync|halt|shutdown)$/;

/** Whether somebody else can log in to this host, by `/etc/passwd`; true where that cannot be told. */
export function othersCanLogIn(
  passwd: () => string = () => readFileSync("/etc/passwd", "utf8"),
  ownUid: number | undefined = process.getuid?.(),
): boolean {
  let text: string;
  try {
    text = passwd();
  } catch {
    return true;
  }
  return text.split("\n").some((line) => {
    const [name, , id, , , , shell = ""] = line.split(":");
    const uid = Number(id);
    if (!name || !Number.isInteger(uid) || uid === ownUid) return false;
    return uid >= FIRST_PERSON_UID && uid !== NOBODY_UID && shell !== "" && !NO_LOGIN.test(shell);
  });
}
