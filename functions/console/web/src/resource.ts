/** Data of the API on a page: loading, loaded, or failed with a retry. */

import { useEffect, useRef, useState } from "preact/hooks";
import { tenant } from "./session";

export type Resource<T> = {
  /** The answer. While the next one loads, the previous one. */
  data: T | null;
  error: Error | null;
  loading: boolean;
  retry: () => void;
};

type State<T> = { key: string; data: T | null; error: Error | null; done: boolean };

/**
 * Loads the data that `key` names; `null` loads nothing. Another key cancels the previous request. Data of another
 * organization or environment is dropped at once and never shown while the next loads.
 */
export function useResource<T>(key: string | null, load: (signal: AbortSignal) => Promise<T>): Resource<T> {
  const scope = tenant.value;
  const [state, setState] = useState<State<T> | null>(null);
  const [tries, setTries] = useState(0);
  const latest = useRef(load);
  latest.current = load;
  const whole = key === null ? null : `${scope} ${key}`;

  useEffect(() => {
    if (whole === null) return;
    const control = new AbortController();
    setState((before) => ({
      key: whole,
      data: before?.key.startsWith(scope) ? before.data : null,
      error: null,
      done: false,
    }));
    latest.current(control.signal).then(
      (data) => !control.signal.aborted && setState({ key: whole, data, error: null, done: true }),
      (error) => !control.signal.aborted && setState({ key: whole, data: null, error, done: true }),
    );
    return () => control.abort();
  }, [whole, tries]);

  const current = state && state.key.startsWith(scope) ? state : null;
  return {
    data: whole === null ? null : (current?.data ?? null),
    error: current?.key === whole ? current.error : null,
    loading: whole !== null && (current?.key !== whole || !current.done),
    retry: () => setTries((tries) => tries + 1),
  };
}

/** Limits the number of tasks at a time: details of rows must not delay the data that the reader asks for. */
export class Queue {
  #running = 0;
  #waiting: (() => void)[] = [];
  readonly #most: number;

  constructor(most: number) {
    this.#most = most;
  }

  async run<T>(task: () => Promise<T>, signal: AbortSignal): Promise<T> {
    if (this.#running >= this.#most) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    this.#running++;
    try {
      signal.throwIfAborted();
      return await task();
    } finally {
      this.#running--;
      this.#waiting.shift()?.();
    }
  }
}
