import { expect, test } from "vitest";
import { type AccountSource, othersCanLogIn } from "./other-users.ts";

const SYSTEM = "root:x:0:0:root:/root:/bin/bash\ndaemon:x:1:1::/:/usr/sbin/nologin\nnobody:x:65534:65534::/:/bin/sh\n";
const ME = "ana:x:1000:1000::/home/ana:/bin/bash\n";

function linux(passwd: string | null, nsswitch: string | null = "passwd: files systemd\n"): AccountSource {
  return {
    platform: "linux",
    ownUid: 1000,
    read: (file) => {
      const text = file === "/etc/passwd" ? passwd : nsswitch;
      if (text === null) throw new Error("ENOENT");
      return text;
    },
    run: () => {
      throw new Error("no such tool");
    },
  };
}
function mac(ids: string, shells: string): AccountSource {
  return {
    ...linux(null),
    platform: "darwin",
    ownUid: 501,
    run: (_tool, args) => (args.at(-1) === "UniqueID" ? ids : shells),
  };
}

test.each<[string, AccountSource, boolean]>([
  ["one person and the system's own", linux(SYSTEM + ME), false],
  ["a second person", linux(`${SYSTEM + ME}ben:x:1001:1001::/home/ben:/bin/zsh`), true],
  [
    "a second account without a shell",
    linux(`${SYSTEM + ME}svc:x:1001:1001::/:/usr/sbin/nologin\nx:x:1002:1::/:/bin/false`),
    false,
  ],
  ["a second account with an empty shell, which is /bin/sh", linux(`${SYSTEM + ME}svc:x:1001:1001::/:`), true],
  ["no list of accounts", linux(null), true],
  ["no word on where accounts are", linux(SYSTEM + ME, null), false],
  ["a directory service", linux(SYSTEM + ME, "passwd: files sss\n"), true],
  ["a condition between the services", linux(SYSTEM + ME, "passwd:\tfiles [NOTFOUND=return] systemd # sss\n"), false],
  [
    "a Mac with one person",
    mac("_www  70\nana  501\nnobody -2\nroot 0\n", "_www /usr/bin/false\nana /bin/zsh\nroot /bin/sh\n"),
    false,
  ],
  ["a Mac with two", mac("ana  501\nben  502\n", "ana /bin/zsh\nben /bin/zsh\n"), true],
  ["a Mac with an account that cannot log in", mac("ana  501\n_x  502\n", "ana /bin/zsh\n_x /usr/bin/false\n"), false],
  ["a Mac with an account whose shell is not told", mac("ana  501\nx  502\n", "ana /bin/zsh\n"), true],
  ["a Mac whose directory does not answer", { ...linux(null), platform: "darwin" }, true],
  ["Windows", { ...linux(ME), platform: "win32" }, true],
])("whether others can log in: %s", (_name, source, expected) => {
  expect(othersCanLogIn(source)).toBe(expected);
});
