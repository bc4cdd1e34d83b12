/** One person: name, completeness, age of the data, and the sections. */

import type { ComponentChildren } from "preact";
import { ApiError, body } from "../api/client";
import { getCompleteness, getInstitutions, getLedger, getUser } from "../api/operations";
import { insightsServed } from "../api/insights";
import { count, counted, percent } from "../format/money";
import { ago, isFresh, moment } from "../format/time";
import { fullName, learnInstitutions, phone } from "../format/words";
import { lazy } from "../lazy";
import { useResource } from "../resource";
import { href } from "../router";
import { Badge, Copy, Empty, Failure, Skeleton } from "../ui/basics";
import { Facts } from "../ui/table";
import { useTitle } from "../ui/title";
import { Overview } from "./overview";
import type { PersonProps } from "./person-part";

const Ledger = lazy(() => import("./ledger").then((module) => module.Ledger));
const Loans = lazy(() => import("./loans").then((module) => module.Loans));
const Income = lazy(() => import("./income").then((module) => module.Income));
const Affordability = lazy(() => import("./affordability").then((module) => module.AffordabilityScreen));
const Features = lazy(() => import("./features").then((module) => module.FeaturesScreen));
const Completeness = lazy(() => import("./completeness").then((module) => module.Completeness));
const Report = lazy(() => import("./report").then((module) => module.Report));
const Data = lazy(() => import("./data").then((module) => module.Data));

const TABS = [
  { path: "overview", name: "Overview", screen: Overview },
  { path: "ledger", name: "Ledger", screen: Ledger },
  { path: "loans", name: "Loans", screen: Loans },
  { path: "income", name: "Income and cash flow", screen: Income, insights: true },
  { path: "affordability", name: "Affordability", screen: Affordability, insights: true },
  { path: "features", name: "Features", screen: Features, insights: true },
  { path: "completeness", name: "Completeness", screen: Completeness },
  { path: "report", name: "Credit report", screen: Report },
  { path: "data", name: "Export and erase", screen: Data },
];

async function load(id: string, signal: AbortSignal) {
  const path = { user_uuid: id };
  const [user, ledger, held, found, insights] = await Promise.all([
    body(getUser({ params: { path }, signal })),
    body(
      getLedger({
        params: { path, query: { limit: 1, include: ["completeness"] } },
        signal,
      }),
    ),
    // Without the names, ids are shown.
    body(getInstitutions({ params: { path }, signal })).catch(() => null),
    body(getCompleteness({ params: { path }, signal })).catch(unserved),
    insightsServed(id, signal),
  ]);
  if (held) learnInstitutions(held.institutions);
  return {
    user,
    latest: ledger.records[0]?.timestamp ?? null,
    sure: ledger._meta?.completeness ?? null,
    unread: found?.unrecognized ?? null,
    insights,
  };
}

/** For a route that a deployment may lack. */
function unserved(error: unknown): null {
  if (error instanceof ApiError && error.status === 404) return null;
  throw error;
}

export function Person({ id, tab }: { id: string; tab: string }) {
  useTitle(TABS.find((each) => each.path === tab)?.name ?? "Person");
  const person = useResource(`person ${id}`, (signal) => load(id, signal));
  if (person.error) {
    return (
      <>
        <h1>Person</h1>
        <Failure error={person.error} retry={person.retry} what="This person" />
        <p>
          <a href={href(["people"])}>Back to the people</a>
        </p>
      </>
    );
  }
  if (!person.data) {
    return (
      <>
        <h1>
          <span class="pending wide">
            <span class="visually-hidden">Loading</span>
          </span>
        </h1>
        <Skeleton lines={8} />
      </>
    );
  }
  const { user, latest, sure, unread, insights } = person.data;
  const tabs = TABS.filter((each) => insights || !each.insights);
  const Screen = tabs.find((each) => each.path === tab)?.screen;
  return (
    <>
      <div class="named">
        <h1>{fullName(user)}</h1>
        <p class="small">
          <code class="uuid">{user.uuid}</code> <Copy text={user.uuid} what="the uuid" />
        </p>
      </div>
      <Header user={user} latest={latest} sure={sure} unread={unread} />
      <nav class="tabs" aria-label={`Parts of ${fullName(user)}`}>
        {tabs.map((each) => (
          <a
            key={each.path}
            href={href(["people", id, each.path])}
            aria-current={each.path === tab ? "page" : undefined}
          >
            {each.name}
          </a>
        ))}
      </nav>
      {Screen ? (
        <Screen user={user} latest={latest} sure={sure} unread={unread} />
      ) : (
        <Empty title="There is no such part">
          <a href={href(["people", id])}>To the overview</a>
        </Empty>
      )}
    </>
  );
}

function Header({ user, latest, sure, unread }: PersonProps) {
  return (
    <Facts
      rows={[
        ["Phone", phone(user.phone_number)],
        ["External id", user.external_id ?? <span class="muted">none</span>],
        [
          "Latest data",
          latest ? (
            <>
              {moment(latest)}{" "}
              {isFresh(latest) ? <Badge kind="good">{ago(latest)}</Badge> : <Badge kind="warn">{ago(latest)}</Badge>}
            </>
          ) : (
            <span class="muted">none yet</span>
          ),
        ],
        ["Completeness", latest ? <Sureness user={user.uuid} sure={sure} /> : <span class="muted">unknown</span>],
        ...(unread && unread.messages > 0
          ? [["Not read", <NotRead user={user.uuid} unread={unread} />] as [string, ComponentChildren]]
          : []),
      ]}
    />
  );
}

function NotRead({ user, unread }: { user: string; unread: NonNullable<PersonProps["unread"]> }) {
  const loans = unread.may_concern_loans;
  return (
    <>
      <a href={href(["people", user, "completeness"])}>{counted(unread.messages, "message")}</a>
      {loans > 0 && (
        <>
          {" "}
          <Badge kind="warn">{`${count(loans)} may concern a loan`}</Badge>
        </>
      )}
    </>
  );
}

/** Completeness below this is shown in another colour. A choice of the console only. */
const GOOD_COMPLETENESS = 0.9;

function Sureness({ user, sure }: { user: string; sure: PersonProps["sure"] }) {
  if (!sure || sure.completeness === null) return <span class="muted">unknown: no two balances to compare</span>;
  return (
    <>
      <Badge kind={sure.completeness >= GOOD_COMPLETENESS ? "good" : "warn"}>{percent(sure.completeness)}</Badge>{" "}
      <a class="small" href={href(["people", user, "completeness"])}>
        of the money that moved
      </a>
    </>
  );
}
