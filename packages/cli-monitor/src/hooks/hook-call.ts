/** One call of the agent's hook, however it came. */
export interface HookCall {
  /** What the agent posted. */
  body: string;
  /** Whether the agent says that a person sits at its terminal; null where it does not say. */
  attended: boolean | null;
  /** Ends the call; once. Answers whether the bytes went out to somebody who still listens. */
  answer(json: string): Promise<boolean>;
  /** Called when the caller went away before it was answered. */
  onHungUp(take: () => void): void;
}

/** Longest body that is read: an input of 1 MiB with what the agent sends beside it. */
export const MAX_HOOK_BODY_BYTES = 2 * 1024 * 1024;
