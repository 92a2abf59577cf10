import { execFileSync } from "node:child_process";
import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { HookStage } from "../testing/hook-stage.ts";
import { append, until } from "../testing/rig.ts";

const MODE = { type: "setMode", mode: "acceptEdits", destination: "session" };
const USER = { decision: "accept", source: "user_temporary" };

test("a request is told at once as it was asked, and an allowed one runs", async () => {
  await using hooks = await HookStage.start();
  hooks.agent("one");
  const { post, request } = await hooks.held({ session: "one", input: { command: "ls" }, suggestions: [MODE] });
  expect(request).toMatchObject({
    root: hooks.stage.rig.root,
    ...{ session: "one", subagent: null, kind: "permission", tool: "Bash", inputJson: '{"command":"ls"}' },
    ...{ permissionMode: "default", cwd: "/home/dev/shop", toolUseId: null, plan: null },
    suggestions: [{ json: JSON.stringify(MODE), words: "Accept edits without asking, for the rest of this session" }],
  });
  expect(request.expiresAt - request.openedAt).toBe((86_400 - 60) * 1000);
  const decision = hooks.decide(request, { type: "allow" });
  await until("the hook is answered", () => post.answer !== null);
  expect(post.decision).toEqual({ behavior: "allow" });
  await until("the result", () => hooks.result(decision) === null);
  expect(hooks.closing(request.id)).toMatchObject({
    state: "decided",
    who: "person",
    name: "Ana",
    how: "allowed by Ana",
    outcome: "allowed",
  });
});

test("of two decisions exactly the first takes effect, and the second is told who was first", async () => {
  await using hooks = await HookStage.start();
  hooks.agent("one");
  const { post, request } = await hooks.held({ session: "one" });
  const first = hooks.decide(request, { type: "deny", words: "no", stop: false }, { by: "Ana" });
  const second = hooks.decide(request, { type: "allow" }, { by: "Ben" });
  await until("both results", () => hooks.result(first) !== undefined && hooks.result(second) !== undefined);
  expect([hooks.result(first), hooks.result(second)]).toEqual([null, "request_settled"]);
  expect(post.decision).toEqual({ behavior: "deny", message: "no" });
  const told = hooks.far.framesOf("decision.result").find(({ decision }) => decision === second);
  expect(told?.error?.message).toContain("denied by Ana");
});

test("a decision over other bytes, of another kind, or for what is not held does nothing", async () => {
  await using hooks = await HookStage.start();
  hooks.agent("one");
  const { post, request } = await hooks.held({ session: "one" });
  const wrong = [
    hooks.decide(request, { type: "allow" }, { digest: "0".repeat(64) }),
    hooks.decide({ ...request, inputJson: '{"command":"rm"}' }, { type: "allow" }),
    hooks.decide(request, { type: "approve", acceptEdits: false }),
    hooks.decide({ ...request, id: `r_${"0".repeat(32)}` }, { type: "allow" }),
  ];
  await until("all results", () => wrong.every((id) => hooks.result(id) !== undefined));
  expect(wrong.map((id) => hooks.result(id))).toEqual([
    "digest_mismatch",
    "digest_mismatch",
    "invalid_request",
    "not_found",
  ]);
  expect(post.answer).toBeNull();
  const right = hooks.decide(request, { type: "allow", updatedInputJson: '{"command":"ls -l"}' });
  await until("the right one", () => hooks.result(right) === null && post.answer !== null);
  expect(post.decision).toEqual({ behavior: "allow", updatedInput: { command: "ls -l" } });
});

test("a plan comes with its file, only from below the folder of plans", async () => {
  await using hooks = await HookStage.start();
  const { root } = hooks.stage.rig;
  hooks.agent("one");
  const plans = path.join(root, "plans");
  mkdirSync(plans);
  writeFileSync(path.join(plans, "a.md"), "# Plan\n");
  writeFileSync(path.join(root, "secret.md"), "secret");
  symlinkSync(path.join(root, "secret.md"), path.join(plans, "link.md"));
  const planIs = async (planFilePath: string) => {
    const line = { type: "attachment", attachment: { type: "plan_mode", planFilePath } };
    append(hooks.stage.rig.transcript("one"), `${JSON.stringify(line)}\n`);
    return await hooks.held({ session: "one", tool: "ExitPlanMode", input: {}, mode: "plan" });
  };
  for (const other of [
    path.join(plans, "link.md"),
    path.join(plans, "../secret.md"),
    "a.md",
    path.join(plans, "b.md"),
  ]) {
    expect((await planIs(other)).request.plan).toBeNull();
  }
  const { post, request } = await planIs(path.join(plans, "a.md"));
  expect(request).toMatchObject({ kind: "plan", plan: { path: path.join(plans, "a.md"), text: "# Plan\n" } });
  // Another file than was shown is not what was approved.
  writeFileSync(path.join(plans, "a.md"), "# Another plan\n");
  const other = hooks.decide(request, { type: "approve", acceptEdits: true });
  await until("it is refused", () => hooks.result(other) === "digest_mismatch");
  expect(post.answer).toBeNull();
  writeFileSync(path.join(plans, "a.md"), "# Plan\n");
  hooks.decide(request, { type: "approve", acceptEdits: true });
  await until("it is approved", () => post.answer !== null);
  expect(post.decision).toEqual({ behavior: "allow", updatedInput: {}, updatedPermissions: [MODE] });
});

test("a call that is not ours to hold is answered with nothing at once", async () => {
  await using hooks = await HookStage.start();
  hooks.agent("one");
  hooks.agent("print", { entrypoint: "sdk-cli" });
  const body = hooks.body({ session: "one" });
  const { port } = hooks.keys;
  const foreign = JSON.stringify({ ...JSON.parse(body), session_id: "stray", transcript_path: "/elsewhere/s.jsonl" });
  const calls = {
    "another token": hooks.post(body, { "x-agentpane-token": "0".repeat(64) }),
    "a page's origin": hooks.post(body, { origin: `http://127.0.0.1:${port}` }),
    "another host name": hooks.post(body, { host: `evil.example:${port}` }),
    "no JSON": hooks.post("{"),
    "another event": hooks.post(body.replace('"PermissionRequest"', '"PreToolUse"')),
    "a run without a terminal": hooks.post(hooks.body({ session: "print" })),
    "a session that nobody knows": hooks.post(hooks.body({ session: "never seen" })),
    "a session of another root": hooks.post(foreign),
    "a subagent that nobody would answer": hooks.post(hooks.body({ session: "one", subagent: "a1" })),
    "too large an input": hooks.post(hooks.body({ session: "one", input: { x: "x".repeat(1_100_000) } })),
  };
  await until("all are answered", () => Object.values(calls).every(({ answer }) => answer !== null));
  for (const [name, { answer }] of Object.entries(calls)) expect(answer, name).toBe("{}");
  const huge = hooks.post(hooks.body({ session: "one", input: { x: "x".repeat(10_000_000) } }));
  await until("it is over", () => huge.answer !== null || huge.failed);
  expect(huge.answer ?? "{}").toBe("{}");
  expect(hooks.far.framesOf("request.open")).toEqual([]);
});

test("a run without a terminal is held where the person opted its project in", async () => {
  await using hooks = await HookStage.start();
  hooks.agent("print", { entrypoint: "sdk-cli" });
  hooks.far.send({ type: "options", holdPrintProjects: ["/home/dev/shop"] });
  // Frames are taken in their order: behind this answer the options are known.
  hooks.far.send({ type: "hooks.ask", ask: `h_${"0".repeat(32)}`, action: "status" });
  await until("the frames are taken", () => hooks.far.framesOf("hooks.answer").length === 1);
  const outside = hooks.post(hooks.body({ session: "print", cwd: "/home/dev/shopping" }));
  await until("it is answered", () => outside.answer === "{}");
  const { request } = await hooks.held({ session: "print", cwd: "/home/dev/shop/sub" });
  expect(request.session).toBe("print");
});

test("a subagent in the background is held while somebody looks, one in the foreground always", async () => {
  await using hooks = await HookStage.start();
  hooks.agent("one");
  const meta = (subagent: string, requestShape: string) => {
    const file = hooks.stage.rig.transcript("one", { subagent });
    writeFileSync(file.replace(/\.jsonl$/, ".meta.json"), JSON.stringify({ requestShape }));
  };
  meta("fore", "foreground");
  meta("back", "background");
  expect((await hooks.held({ session: "one", subagent: "fore" })).request).toMatchObject({
    subagent: "fore",
    subagentType: "general-purpose",
  });
  const alone = hooks.post(hooks.body({ session: "one", subagent: "back" }));
  await until("it is answered", () => alone.answer === "{}");
  hooks.far.send({ type: "approvers", present: true });
  hooks.far.send({ type: "hooks.ask", ask: `h_${"0".repeat(32)}`, action: "status" });
  await until("the frames are taken", () => hooks.far.framesOf("hooks.answer").length === 1);
  expect((await hooks.held({ session: "one", subagent: "back" })).request.subagent).toBe("back");
});

test("while the channel is down new calls are left alone; what is held stays and is told again", async () => {
  await using hooks = await HookStage.start();
  hooks.agent("one");
  hooks.agent("two");
  const { post, request } = await hooks.held({ session: "one" });
  const gone = await hooks.held({ session: "two" });
  gone.post.hangUp();
  await until("it is withdrawn", () => hooks.closing(gone.request.id)?.state === "withdrawn");
  hooks.far.refuses = 503;
  hooks.far.current?.socket.terminate();
  await until("the monitor noticed", () => hooks.far.upgrades > 2);
  const alone = hooks.post(hooks.body({ session: "two" }));
  await until("it is answered", () => alone.answer === "{}");
  expect(post.answer).toBeNull();
  const before = hooks.far.openings.length;
  hooks.far.refuses = null;
  const list = () => hooks.far.openings.slice(before).flatMap(({ frames }) => frames);
  await until("all is told", () => list().some(({ type }) => type === "request.held"));
  expect(list().map((frame) => ("id" in frame ? `${frame.type} ${frame.id}` : frame.type))).toEqual([
    "request.open",
    `request.closed ${gone.request.id}`,
    "request.held",
  ]);
  expect(list().at(-1)).toMatchObject({ ids: [request.id] });
  hooks.decide(request, { type: "allow" });
  await until("it is decided", () => post.answer !== null);
});

test("a monitor that ends leaves the agent at its own dialog", async () => {
  await using hooks = await HookStage.start();
  hooks.agent("one");
  const { post, request } = await hooks.held({ session: "one" });
  await hooks.stage.rig.stop(hooks.monitor);
  await until("the call is over", () => post.answer !== null || post.failed);
  expect(post.answer).toBe("{}");
  expect(hooks.closing(request.id)).toMatchObject({ state: "withdrawn", how: "the monitor ended" });
});

test("an answer in the terminal is seen in the registry, also where its word comes late", async () => {
  await using hooks = await HookStage.start();
  const agent = hooks.agent("one");
  const { post, request } = await hooks.held({ session: "one" });
  agent.say({ status: "waiting", waitingFor: "permission prompt" });
  await until("it waits", () => hooks.far.presences.get("one")?.status === "waiting");
  expect(post.answer).toBeNull();
  agent.say({ status: "busy" });
  await until("it is retired", () => post.answer === "{}");
  expect(hooks.closing(request.id)).toMatchObject({
    state: "answered",
    who: "terminal",
    how: "answered in the terminal",
  });
  const late = hooks.decide(request, { type: "allow" });
  await until("the late one is told", () => hooks.result(late) === "request_settled");
});

test("a decision that comes right behind an answer in the terminal is told that the terminal was first", async () => {
  await using hooks = await HookStage.start();
  const agent = hooks.agent("one");
  const first = await hooks.held({ session: "one" });
  agent.say({ status: "waiting", waitingFor: "permission prompt" });
  await until("it waits", () => hooks.far.presences.get("one")?.status === "waiting");
  agent.say({ status: "busy" });
  const decision = hooks.decide(first.request, { type: "allow" });
  await until("it is told", () => hooks.result(decision) === "request_settled");
  expect(first.post.answer).toBe("{}");
  expect(hooks.closing(first.request.id)).toMatchObject({ state: "answered", who: "terminal" });
  // The same where only the transcript says so yet.
  const second = await hooks.held({ session: "one", input: { command: "pwd" } });
  hooks.callLine("one", "toolu_1", "Bash", { command: "pwd" });
  await until("it is joined", () => hooks.far.framesOf("request.open").at(-1)?.request.toolUseId === "toolu_1");
  hooks.resultLine("one", "toolu_1", { decision: "reject", source: "user_reject" });
  const late = hooks.decide(second.request, { type: "allow" });
  await until("it is told as well", () => hooks.result(late) === "request_settled");
  expect(hooks.closing(second.request.id)).toMatchObject({ state: "answered", outcome: "denied" });
});

test.each([
  [USER, "terminal", "allowed in the terminal", "allowed"],
  [{ decision: "reject", source: "user_reject" }, "terminal", "denied in the terminal", "denied"],
  [{ decision: "accept", source: "config" }, "config", "allowed by a rule", "allowed"],
  [{ decision: "reject", source: "hook" }, "config", "denied by another hook", "denied"],
])("a result of its call retires a request: %j", async (permissionDecision, who, how, outcome) => {
  await using hooks = await HookStage.start();
  hooks.agent("one");
  const { post, request } = await hooks.held({ session: "one", input: { b: 1, a: 2 } });
  hooks.callLine("one", "toolu_1", "Bash", { a: 2, b: 1 });
  await until("it is joined", () => hooks.far.framesOf("request.open").at(-1)?.request.toolUseId === "toolu_1");
  hooks.resultLine("one", "toolu_1", permissionDecision);
  await until("it is retired", () => post.answer === "{}");
  expect(hooks.closing(request.id)).toMatchObject({ state: "answered", who, how, outcome });
});

test("identical requests of parallel sessions and subagents are told apart, and each gets its own answer", async () => {
  await using hooks = await HookStage.start();
  hooks.far.send({ type: "approvers", present: true });
  for (const session of ["one", "two"]) hooks.agent(session);
  const asked = [
    await hooks.held({ session: "one" }),
    await hooks.held({ session: "two" }),
    await hooks.held({ session: "one", subagent: "x" }),
    await hooks.held({ session: "one", subagent: "y" }),
  ] as const;
  hooks.callLine("two", "t2", "Bash", { command: "ls" });
  hooks.callLine("one", "ty", "Bash", { command: "ls" }, "y");
  hooks.callLine("one", "t1", "Bash", { command: "ls" });
  const call = (id: string) =>
    hooks.far.framesOf("request.open").findLast(({ request }) => request.id === id)?.request.toolUseId;
  await until("they are joined", () => [0, 1, 3].every((i) => call(asked[i as 0].request.id) !== null));
  expect(asked.map(({ request }) => call(request.id))).toEqual(["t1", "t2", null, "ty"]);
  hooks.resultLine("one", "ty", USER, "y");
  await until("that one is retired", () => asked[3].post.answer !== null);
  hooks.decide(asked[1].request, { type: "deny", words: "two", stop: false });
  await until("that one is denied", () => asked[1].post.answer !== null);
  expect(asked.map(({ post }) => post.answer === null)).toEqual([true, false, true, false]);
  const crossed = hooks.decide({ ...asked[0].request, session: "two" }, { type: "allow" });
  await until("it is refused", () => hooks.result(crossed) === "digest_mismatch");
});

test("of two identical calls in one turn, the second request is not retired by the first one's result", async () => {
  await using hooks = await HookStage.start();
  hooks.agent("one");
  const same = { session: "one", input: { command: "make" } };
  hooks.callLine("one", "t1", "Bash", same.input);
  hooks.callLine("one", "t2", "Bash", same.input);
  const first = await hooks.held(same);
  hooks.decide(first.request, { type: "allow" });
  await until("the first is decided", () => first.post.answer !== null);
  const second = await hooks.held(same);
  const joined = () => hooks.far.framesOf("request.open").findLast(({ request }) => request.id === second.request.id);
  await until("the second is joined", () => joined()?.request.toolUseId === "t2");
  hooks.resultLine("one", "t1", { decision: "accept", source: "hook" });
  hooks.resultLine("one", "t2", USER);
  await until("the second is retired", () => second.post.answer === "{}");
  expect(hooks.closing(second.request.id)?.how).toBe("allowed in the terminal");
});

test("an agent that hangs up because a person left the dialog is said to be answered in the terminal", async () => {
  await using hooks = await HookStage.start();
  const agent = hooks.agent("one");
  const { post, request } = await hooks.held({ session: "one" });
  agent.say({ status: "waiting", waitingFor: "permission prompt" });
  await until("it waits", () => hooks.far.presences.get("one")?.status === "waiting");
  post.hangUp();
  agent.say({ status: "idle" });
  await until("it is closed", () => hooks.closing(request.id) !== undefined);
  expect(hooks.closing(request.id)).toMatchObject({ state: "answered", who: "terminal" });
});

test("something newer of the same session, a hung-up call and a dead process withdraw a request", async () => {
  await using hooks = await HookStage.start();
  const agent = hooks.agent("one");
  const first = await hooks.held({ session: "one" });
  const second = await hooks.held({ session: "one", input: { command: "pwd" } });
  await until("the first is withdrawn", () => first.post.answer === "{}");
  expect(hooks.closing(first.request.id)).toMatchObject({ state: "withdrawn", how: "the agent asks something newer" });
  second.post.hangUp();
  await until("the second is withdrawn", () => hooks.closing(second.request.id) !== undefined);
  expect(hooks.closing(second.request.id)).toMatchObject({ state: "withdrawn", how: "the agent hung up" });
  const third = await hooks.held({ session: "one" });
  await agent.kill();
  await until("the third is withdrawn", () => third.post.answer === "{}");
  expect(hooks.closing(third.request.id)).toMatchObject({ state: "withdrawn", how: "the agent ended" });
});

test("where others can log in by now, the port of the earlier hook is kept from them, and what asks there stays in the terminal", async () => {
  await using hooks = await HookStage.start();
  const ask = (): void => hooks.far.send({ type: "hooks.ask", ask: `h_${"0".repeat(32)}`, action: "install" });
  ask();
  await until(
    "it is installed",
    () => hooks.far.framesOf("hooks.answer").at(-1)?.report?.files[0]?.state === "installed",
  );
  await hooks.stage.rig.stop(hooks.monitor);
  const monitor = await hooks.stage.monitor({ othersCanLogIn: true });
  const warned = () => monitor.report().warnings.find(({ code }) => code === "hook_unheard")?.message;
  await until("it is said", () => warned() !== undefined);
  expect(warned()).toContain("agentpane hooks install");
  hooks.agent("one");
  const post = hooks.post(hooks.body({ session: "one" }));
  await until("an answer", () => post.answer !== null);
  expect(post.answer).toBe("{}");
  expect(hooks.far.framesOf("request.open")).toEqual([]);
  ask();
  await until("it is mended", () => hooks.far.framesOf("hooks.answer").at(-1)?.report?.how === "command");
  expect(hooks.far.framesOf("hooks.answer").at(-1)?.report).toMatchObject({
    listening: true,
    reason: expect.stringContaining("a socket that only you can reach"),
    files: [{ state: "installed" }],
  });
});

test("a pipe in a transcript's place keeps nothing waiting", async () => {
  await using hooks = await HookStage.start();
  hooks.stage.agent("one").say({ status: "busy" });
  execFileSync("mkfifo", [hooks.stage.rig.transcript("one")]);
  hooks.agent("two");
  const first = await hooks.held({ session: "one" });
  const second = await hooks.held({ session: "two" });
  hooks.decide(first.request, { type: "allow" });
  hooks.decide(second.request, { type: "allow" });
  await until("both are answered", () => first.post.answer !== null && second.post.answer !== null);
});
