import {
  BrokenCircuitError,
  type CircuitBreakerPolicy,
  CircuitState,
  ConsecutiveBreaker,
  circuitBreaker,
  handleAll,
} from "cockatiel";
import { BREAKER_FAILURES } from "./timing.ts";

/**
 * Stops calling a server that fails again and again. Five failures in a row open it for a minute; a sign of life from
 * another call closes it at once.
 */
export class Breaker {
  readonly #openMs: number;
  readonly #onOpen: () => void;
  #policy: CircuitBreakerPolicy;

  constructor(openMs: number, onOpen: () => void) {
    this.#openMs = openMs;
    this.#onOpen = onOpen;
    this.#policy = this.#closed();
  }

  get isOpen(): boolean {
    return this.#policy.state === CircuitState.Open;
  }

  /** Runs `call`; throws `BrokenCircuitError` without running it while open. */
  run<T>(call: () => Promise<T>): Promise<T> {
    return this.#policy.execute(call);
  }

  /** The server showed that it is well. */
  close(): void {
    if (this.#policy.state !== CircuitState.Closed) this.#policy = this.#closed();
  }

  #closed(): CircuitBreakerPolicy {
    const policy = circuitBreaker(handleAll, {
      halfOpenAfter: this.#openMs,
      breaker: new ConsecutiveBreaker(BREAKER_FAILURES),
    });
    policy.onBreak(this.#onOpen);
    return policy;
  }
}

export { BrokenCircuitError };
