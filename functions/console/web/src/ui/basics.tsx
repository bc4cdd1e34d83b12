/** Parts that every screen uses. */

import { cloneElement, type ComponentChildren, type VNode } from "preact";
import { useEffect, useId, useRef, useState } from "preact/hooks";
import { ApiError } from "../api/client";
import { faultsOf } from "../format/faults";
import type { Resource } from "../resource";

type Children = { children?: ComponentChildren };

export function Section({
  title,
  note,
  actions,
  children,
}: Children & { title: string; note?: ComponentChildren; actions?: ComponentChildren }) {
  return (
    <section class="section">
      <div class="section-head">
        <h2>{title}</h2>
        {actions && <div class="actions">{actions}</div>}
      </div>
      {note && <p class="note">{note}</p>}
      {children}
    </section>
  );
}

export function Notice({
  kind = "info",
  title,
  children,
}: Children & { kind?: "info" | "warn" | "bad" | "good"; title?: string }) {
  return (
    <div class={`notice ${kind}`} role={kind === "bad" ? "alert" : "status"}>
      {title && <p class="notice-title">{title}</p>}
      {children && <div>{children}</div>}
    </div>
  );
}

/**
 * The name of a part that did not load (`The people`), or a sentence about an action that failed (`Nobody was
 * registered`).
 */
type Failed = { what: string; failed?: undefined } | { failed: string; what?: undefined };

/** The error, and the next step. */
export function Failure({ error, retry, what, failed }: Failed & { error: Error; retry?: () => void }) {
  const api = error instanceof ApiError ? error : null;
  return (
    <Notice kind="bad" title={failed ?? `${what} could not be loaded`}>
      {faultsOf(error).map((fault) => (
        <p key={fault}>{fault}</p>
      ))}
      {api?.status === 403 && <p>This login may not do this. Ask your operator for a login that may.</p>}
      {api?.requestId && <p class="small">{`Request ${api.requestId}`}</p>}
      {retry && (
        <p>
          <button type="button" onClick={retry}>
            Try again
          </button>
        </p>
      )}
    </Notice>
  );
}

/** Grey bars of the height of the content, so that nothing moves. */
export function Skeleton({ lines = 3, tall = false }: { lines?: number; tall?: boolean }) {
  return (
    <div class={tall ? "skeleton tall" : "skeleton"} role="status" aria-label="Loading">
      {Array.from({ length: lines }, (_, at) => (
        <span key={at} />
      ))}
    </div>
  );
}

/** A resource: its skeleton, its failure, or its content. */
export function Loaded<T>({
  of,
  what,
  lines,
  tall,
  children,
}: {
  of: Resource<T>;
  what: string;
  lines?: number;
  tall?: boolean;
  children: (data: T) => ComponentChildren;
}) {
  if (of.error) return <Failure error={of.error} retry={of.retry} what={what} />;
  if (of.data === null) return <Skeleton lines={lines} tall={tall} />;
  return (
    <div aria-busy={of.loading} class={of.loading ? "loaded stale" : "loaded"}>
      {children(of.data)}
    </div>
  );
}

export function Empty({ title, children }: Children & { title: string }) {
  return (
    <div class="empty">
      <p class="empty-title">{title}</p>
      {children && <div>{children}</div>}
    </div>
  );
}

/** A control with its name above and a hint below it. */
export function Field({ name, hint, children }: { name: string; hint?: string; children: VNode<any> }) {
  const id = useId();
  return (
    <div class="field">
      <label class="field-name" for={id}>
        {name}
      </label>
      {cloneElement(children, { id, "aria-describedby": hint ? `${id}-hint` : undefined })}
      {hint && (
        <span class="hint" id={`${id}-hint`}>
          {hint}
        </span>
      )}
    </div>
  );
}

export function Copy({ text, what }: { text: string; what: string }) {
  const [copied, setCopied] = useState(false);
  const copy = async () => {
    await navigator.clipboard.writeText(text).then(
      () => setCopied(true),
      () => setCopied(false),
    );
    setTimeout(() => setCopied(false), 2_000);
  };
  return (
    <button type="button" class="quiet small-button" onClick={copy} aria-label={`Copy ${what}`}>
      <span aria-live="polite">{copied ? "Copied" : "Copy"}</span>
    </button>
  );
}

export function Badge({ kind = "plain", children }: Children & { kind?: "plain" | "good" | "warn" | "bad" | "muted" }) {
  return <span class={`badge ${kind}`}>{children}</span>;
}

/**
 * A dialog over the page, as a part of its address; Escape and a click beside it close it. The browser reports that a
 * moment later. If the address has changed in between, it stays as it is.
 */
export function Dialog({ title, close, children }: Children & { title: string; close: () => void }) {
  const ref = useRef<HTMLDialogElement>(null);
  const opened = useRef(location.hash);
  useEffect(() => {
    const before = document.activeElement;
    ref.current?.showModal();
    return () => before instanceof HTMLElement && before.focus();
  }, []);
  return (
    <dialog
      ref={ref}
      onClose={() => location.hash === opened.current && close()}
      aria-labelledby="dialog-title"
      onClick={(event) => event.target === ref.current && close()}
    >
      <div class="dialog-body">
        <div class="section-head">
          <h2 id="dialog-title">{title}</h2>
          <button type="button" class="quiet" onClick={close}>
            Close
          </button>
        </div>
        {children}
      </div>
    </dialog>
  );
}
