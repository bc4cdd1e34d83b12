/** The people of the organization: search, pages, and the completeness of each. */

import { effect } from "@preact/signals";
import { useEffect, useRef, useState } from "preact/hooks";
import { body, type Schemas } from "../api/client";
import { getLedger, getUsers } from "../api/operations";
import { counted, percent } from "../format/money";
import { ago, day } from "../format/time";
import { country, fullName, phone } from "../format/words";
import { Queue, useResource } from "../resource";
import { address, href, replace } from "../router";
import { tenant } from "../session";
import { Empty, Loaded } from "../ui/basics";
import { Table } from "../ui/table";
import { useTitle } from "../ui/title";

/** Wait after the last letter of a search. */
const TYPING_MS = 250;

export function People() {
  useTitle("People");
  const { query } = address.value;
  const search = query.get("search") ?? "";
  const page = Math.max(1, Math.trunc(Number(query.get("page"))) || 1);
  const [typed, setTyped] = useState(search);
  useEffect(() => setTyped(search), [search]);
  useEffect(() => {
    if (typed.trim() === search) return;
    const timer = setTimeout(() => replace(href(["people"], { search: typed.trim() })), TYPING_MS);
    return () => clearTimeout(timer);
  }, [typed]);

  const users = useResource(`people ${page} ${search}`, (signal) =>
    body(getUsers({ params: { query: { search: search || undefined, page } }, signal })),
  );
  return (
    <>
      <div class="section-head">
        <h1>People</h1>
        <a class="button" href={href(["integration"])}>
          Register a person
        </a>
      </div>
      <form role="search" onSubmit={(event) => event.preventDefault()}>
        <input
          type="search"
          class="search"
          aria-label="Search people"
          placeholder="Name, phone, id or email"
          value={typed}
          onInput={(event) => setTyped(event.currentTarget.value)}
        />
      </form>
      <Loaded of={users} what="The people" lines={12}>
        {(found) => <Found found={found} search={search} page={page} />}
      </Loaded>
    </>
  );
}

function Found({ found, search, page }: { found: Schemas["UsersPage"]; search: string; page: number }) {
  const total = found._meta.total_users_count;
  if (found.users.length === 0 && search) {
    return (
      <Empty title={`Nobody is found for “${search}”`}>
        <p>A search finds the beginnings of words: the start of a name, a phone number, an external id or a uuid.</p>
        {found.warnings?.map((warning) => (
          <p key={warning.code}>{`Hint: ${warning.detail}.`}</p>
        ))}
      </Empty>
    );
  }
  if (found.users.length === 0) {
    return (
      <Empty title={page > 1 ? "This page is past the end" : "Nobody is registered yet"}>
        {page > 1 ? (
          <a href={href(["people"])}>To the first page</a>
        ) : (
          <a href={href(["integration"])}>Register the first person</a>
        )}
      </Empty>
    );
  }
  return (
    <>
      <p class="note" role="status">{`${counted(total, "person", "people")}, newest first.`}</p>
      <Table
        caption="People"
        rows={found.users}
        id={(user) => user.uuid}
        columns={[
          { name: "Name", head: true, cell: (user) => <a href={href(["people", user.uuid])}>{fullName(user)}</a> },
          { name: "Phone", cell: (user) => <span class="nowrap">{phone(user.phone_number)}</span> },
          { name: "External id", cell: (user) => user.external_id ?? <span class="muted">none</span> },
          {
            name: "Country",
            cell: (user) => (user.country_code ? country(user.country_code) : <span class="muted">unknown</span>),
          },
          { name: "Registered", cell: (user) => <span class="nowrap">{day(user.created_at)}</span> },
          { name: "Latest data", cell: (user) => <Known user={user.uuid} /> },
        ]}
      />
      {found.num_pages > 1 && (
        <nav class="pages" aria-label="Pages of people">
          {page > 1 ? (
            <a href={href(["people"], { search, page: page - 1 })}>Newer</a>
          ) : (
            <span class="muted">Newer</span>
          )}
          <span>{`Page ${page} of ${found.num_pages}`}</span>
          {page < found.num_pages ? (
            <a href={href(["people"], { search, page: page + 1 })}>Older</a>
          ) : (
            <span class="muted">Older</span>
          )}
        </nav>
      )}
    </>
  );
}

type Knowledge = { latest: string | null; completeness: number | null };

const queue = new Queue(3);
/** Cached details of rows. A change of the tenant and the end of a session clear it. */
const known = new Map<string, Knowledge>();
effect(() => {
  void tenant.value;
  known.clear();
});

async function ask(user: string, signal: AbortSignal): Promise<Knowledge> {
  const query = { limit: 1, include: ["completeness" as const] };
  const ledger = await body(getLedger({ params: { path: { user_uuid: user }, query }, signal }));
  return {
    latest: ledger.records[0]?.timestamp ?? null,
    completeness: ledger._meta?.completeness.completeness ?? null,
  };
}

/** Requested when the row comes into view. */
function Known({ user }: { user: string }) {
  const ref = useRef<HTMLSpanElement>(null);
  const [found, setFound] = useState<Knowledge | "unknown" | null>(known.get(user) ?? null);
  useEffect(() => {
    if (found || !ref.current) return;
    const control = new AbortController();
    const watch = new IntersectionObserver((entries) => {
      if (!entries.some((entry) => entry.isIntersecting)) return;
      watch.disconnect();
      queue
        .run(() => ask(user, control.signal), control.signal)
        .then(
          (knowledge) => {
            known.set(user, knowledge);
            setFound(knowledge);
          },
          () => control.signal.aborted || setFound("unknown"),
        );
    });
    watch.observe(ref.current);
    return () => {
      watch.disconnect();
      control.abort();
    };
  }, [user]);
  if (!found)
    return (
      <span ref={ref} class="pending">
        <span class="visually-hidden">Loading</span>
      </span>
    );
  if (found === "unknown") return <span class="muted">not available</span>;
  if (!found.latest) return <span class="muted">no data yet</span>;
  return (
    <span class="nowrap">
      {ago(found.latest)}
      <span class="muted">
        {found.completeness === null ? " · completeness unknown" : ` · ${percent(found.completeness)} complete`}
      </span>
    </span>
  );
}
