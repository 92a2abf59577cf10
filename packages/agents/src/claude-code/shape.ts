import { type WantSpec, want } from "./want.ts";

/** Units taken of a text that only needs a summary: 240 remain once runs of spaces are folded. */
const HEAD_UNITS = 400;
/** Of a text that is looked into: the tags of a task notification stand within its first lines. */
const PROMPT_UNITS = 2000;
const WORD_UNITS = 200;
/** The bounds of a `LineContext`. */
const PATH_UNITS = 4096;
const BRANCH_UNITS = 1024;

const WORD: WantSpec = { text: WORD_UNITS };
const HEAD: WantSpec = { text: HEAD_UNITS };
/** Numbers and booleans are taken without being asked for. */
const VALUE: WantSpec = {};

const TOKENS = {
  input_tokens: VALUE,
  output_tokens: VALUE,
  cache_read_input_tokens: VALUE,
  cache_creation_input_tokens: VALUE,
  cache_creation: { keys: { ephemeral_5m_input_tokens: VALUE, ephemeral_1h_input_tokens: VALUE } },
} satisfies Record<string, WantSpec>;

const USAGE: WantSpec = {
  keys: {
    ...TOKENS,
    server_tool_use: { keys: { web_search_requests: VALUE } },
    service_tier: WORD,
    inference_geo: WORD,
    speed: WORD,
    iterations: { each: { keys: { ...TOKENS, model: WORD } } },
  },
};

/** Where tools keep what a person recognises the call by; see `tools.ts`. */
const TOOL_INPUT: WantSpec = {
  text: HEAD_UNITS,
  json: HEAD_UNITS,
  keys: {
    command: HEAD,
    description: HEAD,
    file_path: HEAD,
    notebook_path: HEAD,
    path: HEAD,
    pattern: HEAD,
    query: HEAD,
    url: HEAD,
    prompt: HEAD,
    plan: HEAD,
    subject: HEAD,
    status: WORD,
    taskId: WORD,
    subagent_type: WORD,
    skill: HEAD,
    name: HEAD,
    task_id: WORD,
    shell_id: WORD,
    bash_id: WORD,
    questions: { each: { keys: { question: HEAD } } },
    todos: { each: { keys: { id: WORD, content: HEAD, status: WORD } } },
  },
};

const RESULT_CONTENT: WantSpec = {
  text: HEAD_UNITS,
  each: { keys: { type: WORD, text: HEAD, tool_name: WORD } },
};

const BLOCK: WantSpec = {
  text: HEAD_UNITS,
  keys: {
    type: WORD,
    text: HEAD,
    thinking: HEAD,
    id: WORD,
    name: WORD,
    input: TOOL_INPUT,
    tool_use_id: WORD,
    is_error: VALUE,
    content: RESULT_CONTENT,
  },
};

const MESSAGE: WantSpec = {
  keys: { id: WORD, model: WORD, stop_reason: WORD, usage: USAGE, content: { text: PROMPT_UNITS, each: BLOCK } },
};

const TASK: WantSpec = { keys: { id: WORD, subject: HEAD, status: WORD } };

const TOOL_USE_RESULT: WantSpec = {
  text: WORD_UNITS,
  keys: {
    status: WORD,
    agentId: WORD,
    agentType: WORD,
    description: HEAD,
    durationMs: VALUE,
    totalDurationMs: VALUE,
    durationSeconds: VALUE,
    exitCode: VALUE,
    task: TASK,
    tasks: { each: TASK },
    success: VALUE,
    taskId: WORD,
    statusChange: { keys: { to: WORD } },
  },
};

const ATTACHMENT: WantSpec = {
  keys: {
    type: WORD,
    // queued_command
    prompt: { text: PROMPT_UNITS, each: { keys: { type: WORD, text: HEAD } } },
    commandMode: WORD,
    origin: { keys: { kind: WORD } },
    // task_status
    taskId: WORD,
    taskType: WORD,
    status: WORD,
    description: HEAD,
    // hooks
    decision: WORD,
    hookName: WORD,
    hookEvent: WORD,
    stderr: HEAD,
    stdout: HEAD,
    content: { text: HEAD_UNITS, each: { text: HEAD_UNITS } },
    blockingError: { keys: { blockingError: HEAD } },
    toolName: WORD,
    // files and plans
    filename: HEAD,
    displayPath: HEAD,
    planFilePath: HEAD,
  },
};

/** `progress` lines, up to 2.1.44. */
const PROGRESS_DATA: WantSpec = {
  keys: {
    type: WORD,
    hookName: WORD,
    output: HEAD,
    agentId: WORD,
    message: { keys: { type: WORD, timestamp: WORD, uuid: WORD, requestId: WORD, message: MESSAGE } },
    query: HEAD,
    serverName: WORD,
    toolName: WORD,
    taskDescription: HEAD,
  },
};

/** One failed attempt. Up to 2.1.44 the API's own answer stands inside, since then within the message. */
const ERROR: WantSpec = {
  text: WORD_UNITS,
  keys: {
    message: HEAD,
    status: VALUE,
    formatted: HEAD,
    error: { keys: { error: { keys: { type: WORD, message: HEAD } } } },
  },
};

/** All that is ever taken of a line, whatever its type: the type may stand at the line's end. */
export const LINE = want({
  keys: {
    type: WORD,
    subtype: WORD,
    uuid: WORD,
    timestamp: WORD,
    cwd: { text: PATH_UNITS },
    gitBranch: { text: BRANCH_UNITS },
    version: WORD,
    entrypoint: WORD,
    isSidechain: VALUE,
    message: MESSAGE,
    // assistant
    requestId: WORD,
    apiBlockIndex: VALUE,
    thinkingDurationMs: VALUE,
    isApiErrorMessage: VALUE,
    apiErrorStatus: VALUE,
    apiErrorType: WORD,
    error: ERROR,
    // user
    isMeta: VALUE,
    isCompactSummary: VALUE,
    isVisibleInTranscriptOnly: VALUE,
    permissionMode: WORD,
    origin: { keys: { kind: WORD } },
    promptSource: WORD,
    toolUseResult: TOOL_USE_RESULT,
    permissionDecision: { keys: { decision: WORD, source: WORD } },
    toolDenialKind: WORD,
    // attachment and progress
    attachment: ATTACHMENT,
    data: PROGRESS_DATA,
    toolUseID: WORD,
    parentToolUseID: WORD,
    // system
    content: { text: PROMPT_UNITS },
    durationMs: VALUE,
    messageCount: VALUE,
    pendingBackgroundAgentCount: VALUE,
    retryInMs: VALUE,
    retryAttempt: VALUE,
    maxRetries: VALUE,
    compactMetadata: { keys: { trigger: WORD, preTokens: VALUE, postTokens: VALUE, durationMs: VALUE } },
    hookErrors: { each: { text: HEAD_UNITS } },
    // lines without a uuid
    summary: HEAD,
    customTitle: HEAD,
    aiTitle: HEAD,
    agentName: HEAD,
    mode: WORD,
    lastPrompt: HEAD,
    operation: WORD,
    totalCostUSD: VALUE,
    totalDuration: VALUE,
    totalLinesAdded: VALUE,
    totalLinesRemoved: VALUE,
    tools: { each: WORD },
    trackingPath: HEAD,
    relocatedCwd: HEAD,
    prUrl: HEAD,
    worktreeSession: { keys: { worktreePath: HEAD } },
  },
});
