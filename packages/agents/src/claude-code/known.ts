/** What `docs/claude-code-format.md` names. Anything else is counted as unknown, so that a new version shows itself. */

/** Lines that become a `note`; those that become another kind are named where they are read. */
export const KNOWN_LINES: ReadonlySet<string> = new Set([
  "api-request",
  "api-request-blob",
  "api-request-shape",
  "atis-latch",
  "file-history-delta",
  "file-history-snapshot",
  "last-prompt",
  "relocated",
  "tools-used",
  "worktree-state",
]);

export const KNOWN_SYSTEM: ReadonlySet<string> = new Set(["informational", "local_command", "stop_hook_summary"]);

export const KNOWN_PROGRESS: ReadonlySet<string> = new Set(["agent_progress", "bash_progress", "hook_progress"]);

export const KNOWN_ATTACHMENTS: ReadonlySet<string> = new Set([
  "agent_listing_delta",
  "auto_mode",
  "command_permissions",
  "date",
  "deferred_tools_delta",
  "deferred_tools_record",
  "edited_text_file",
  "environment",
  "file",
  "hook_additional_context",
  "hook_blocking_error",
  "hook_deferred_tool",
  "hook_non_blocking_error",
  "hook_permission_decision",
  "hook_success",
  "instructions",
  "mcp_instructions_delta",
  "model",
  "plan_mode",
  "plan_mode_exit",
  "prompt_snapshot",
  "remote_session_change",
  "session_context",
  "skill_listing",
  "todo_reminder",
]);
