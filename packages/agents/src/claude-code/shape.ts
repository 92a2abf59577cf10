import { HEAD_UNITS, PROMPT_UNITS } from "./taken.ts";
import { type WantSpec, want } from "./want.ts";

/** The bounds of a `LineContext`. */
export const PATH_UNITS = 4096;
export const BRANCH_UNITS = 1024;

const TEXT: WantSpec = { text: HEAD_UNITS };
const PROMPT: WantSpec = { text: PROMPT_UNITS };
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
    service_tier: TEXT,
    inference_geo: TEXT,
    speed: TEXT,
    iterations: { each: { keys: { ...TOKENS, model: TEXT } } },
  },
};

/** Where tools keep what a person recognises the call by; see `tools.ts`. */
const TOOL_INPUT: WantSpec = {
  text: HEAD_UNITS,
  json: HEAD_UNITS,
  keys: {
    command: TEXT,
    description: TEXT,
    file_path: TEXT,
    notebook_path: TEXT,
    path: TEXT,
    pattern: TEXT,
    query: TEXT,
    url: TEXT,
    prompt: TEXT,
    plan: TEXT,
    subject: TEXT,
    status: TEXT,
    taskId: TEXT,
    subagent_type: TEXT,
    skill: TEXT,
    name: TEXT,
    task_id: TEXT,
    shell_id: TEXT,
    bash_id: TEXT,
    questions: { each: { keys: { question: TEXT } } },
    todos: { each: { keys: { id: TEXT, content: TEXT, status: TEXT } } },
  },
};

const RESULT_CONTENT: WantSpec = {
  text: HEAD_UNITS,
  each: { keys: { type: TEXT, text: TEXT, tool_name: TEXT } },
};

const BLOCK: WantSpec = {
  text: HEAD_UNITS,
  keys: {
    type: TEXT,
    text: PROMPT,
    thinking: TEXT,
    id: TEXT,
    name: TEXT,
    input: TOOL_INPUT,
    tool_use_id: TEXT,
    is_error: VALUE,
    content: RESULT_CONTENT,
  },
};

const MESSAGE: WantSpec = {
  keys: { id: TEXT, model: TEXT, stop_reason: TEXT, usage: USAGE, content: { text: PROMPT_UNITS, each: BLOCK } },
};

const TASK: WantSpec = { keys: { id: TEXT, subject: TEXT, status: TEXT } };

const TOOL_USE_RESULT: WantSpec = {
  text: HEAD_UNITS,
  keys: {
    status: TEXT,
    agentId: TEXT,
    agentType: TEXT,
    description: TEXT,
    durationMs: VALUE,
    totalDurationMs: VALUE,
    durationSeconds: VALUE,
    exitCode: VALUE,
    task: TASK,
    tasks: { each: TASK },
    success: VALUE,
    taskId: TEXT,
    statusChange: { keys: { to: TEXT } },
  },
};

const ATTACHMENT: WantSpec = {
  keys: {
    type: TEXT,
    // queued_command
    prompt: { text: PROMPT_UNITS, each: { keys: { type: TEXT, text: PROMPT } } },
    commandMode: TEXT,
    origin: { keys: { kind: TEXT } },
    // task_status
    taskId: TEXT,
    taskType: TEXT,
    status: TEXT,
    description: TEXT,
    // hooks
    decision: TEXT,
    hookName: TEXT,
    hookEvent: TEXT,
    stderr: TEXT,
    stdout: TEXT,
    content: { text: HEAD_UNITS, each: { text: HEAD_UNITS } },
    blockingError: { keys: { blockingError: TEXT } },
    toolName: TEXT,
    // files and plans
    filename: TEXT,
    displayPath: TEXT,
    planFilePath: TEXT,
  },
};

/** `progress` lines, up to 2.1.44. */
const PROGRESS_DATA: WantSpec = {
  keys: {
    type: TEXT,
    hookName: TEXT,
    output: TEXT,
    agentId: TEXT,
    message: { keys: { type: TEXT, timestamp: TEXT, uuid: TEXT, requestId: TEXT, message: MESSAGE } },
    query: TEXT,
    serverName: TEXT,
    toolName: TEXT,
    taskDescription: TEXT,
  },
};

/** One failed attempt. Up to 2.1.44 the API's own answer stands inside, since then within the message. */
const ERROR: WantSpec = {
  text: HEAD_UNITS,
  keys: {
    message: TEXT,
    status: VALUE,
    formatted: TEXT,
    error: { keys: { error: { keys: { type: TEXT, message: TEXT } } } },
  },
};

/** All that is ever taken of a line, whatever its type: the type may stand at the line's end. */
export const LINE = want({
  keys: {
    type: TEXT,
    subtype: TEXT,
    uuid: TEXT,
    timestamp: TEXT,
    cwd: { text: PATH_UNITS },
    gitBranch: { text: BRANCH_UNITS },
    version: TEXT,
    entrypoint: TEXT,
    isSidechain: VALUE,
    message: MESSAGE,
    // assistant
    requestId: TEXT,
    apiBlockIndex: VALUE,
    thinkingDurationMs: VALUE,
    isApiErrorMessage: VALUE,
    apiErrorStatus: VALUE,
    apiErrorType: TEXT,
    error: ERROR,
    // user
    isMeta: VALUE,
    isCompactSummary: VALUE,
    isVisibleInTranscriptOnly: VALUE,
    permissionMode: TEXT,
    origin: { keys: { kind: TEXT } },
    promptSource: TEXT,
    toolUseResult: TOOL_USE_RESULT,
    permissionDecision: { keys: { decision: TEXT, source: TEXT } },
    toolDenialKind: TEXT,
    // attachment and progress
    attachment: ATTACHMENT,
    data: PROGRESS_DATA,
    toolUseID: TEXT,
    parentToolUseID: TEXT,
    // system
    content: PROMPT,
    durationMs: VALUE,
    messageCount: VALUE,
    pendingBackgroundAgentCount: VALUE,
    retryInMs: VALUE,
    retryAttempt: VALUE,
    maxRetries: VALUE,
    compactMetadata: { keys: { trigger: TEXT, preTokens: VALUE, postTokens: VALUE, durationMs: VALUE } },
    hookErrors: { each: PROMPT },
    // lines without a uuid
    summary: TEXT,
    customTitle: TEXT,
    aiTitle: TEXT,
    agentName: TEXT,
    mode: TEXT,
    lastPrompt: TEXT,
    operation: TEXT,
    totalCostUSD: VALUE,
    totalDuration: VALUE,
    totalLinesAdded: VALUE,
    totalLinesRemoved: VALUE,
    tools: { each: TEXT },
    trackingPath: TEXT,
    relocatedCwd: TEXT,
    prUrl: TEXT,
    worktreeSession: { keys: { worktreePath: TEXT } },
  },
});
