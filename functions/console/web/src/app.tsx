/** The frame of the console: the bar, and the screen of an address. */

import { useEffect, useRef } from "preact/hooks";
import { lazy } from "./lazy";
import { address, href } from "./router";
import { People } from "./screens/people";
import { Person } from "./screens/person";
import { SignIn } from "./screens/sign-in";
import { choose, organization, session, signOut, tenant, type Environment } from "./session";
import { Empty } from "./ui/basics";
import { useTitle } from "./ui/title";

const Messages = lazy(() => import("./screens/messages").then((module) => module.Messages));
const Integration = lazy(() => import("./screens/integration").then((module) => module.Integration));

const PAGES = [
  { name: "People", path: "people" },
  { name: "Messages", path: "messages" },
  { name: "Integration", path: "integration" },
];

export function App() {
  const current = session.value;
  if (!current) return <SignIn />;
  // A change of organization or environment starts every screen afresh.
  return (
    <div class={`app ${current.environment}`} key={tenant.value}>
      <a class="skip" href="#main" onClick={skip}>
        Skip to the content
      </a>
      <Bar />
      <Main />
    </div>
  );
}

/** The address belongs to the page itself, so the link moves the focus itself. */
function skip(event: Event) {
  event.preventDefault();
  document.getElementById("main")?.focus();
}

function Bar() {
  const current = session.value;
  const page = address.value.path[0] ?? "people";
  if (!current) return null;
  return (
    <header>
      <div class="bar">
        <a class="brand" href={href(["people"])}>
          Daftari
        </a>
        <nav aria-label="Pages">
          {PAGES.map((each) => (
            <a key={each.path} href={href([each.path])} aria-current={page === each.path ? "page" : undefined}>
              {each.name}
            </a>
          ))}
        </nav>
        <div class="who">
          {current.organizations.length > 1 ? (
            <select
              aria-label="Organization"
              value={current.organization}
              onChange={(event) => choose({ organization: event.currentTarget.value })}
            >
              {current.organizations.map(({ organization }) => (
                <option key={organization.uuid} value={organization.uuid}>
                  {organization.name}
                </option>
              ))}
            </select>
          ) : (
            <span class="organization">{organization.value?.organization.name}</span>
          )}
          <select
            class="environment"
            aria-label="Environment"
            value={current.environment}
            onChange={(event) => choose({ environment: event.currentTarget.value as Environment })}
          >
            <option value="production">Production</option>
            <option value="test">Test</option>
          </select>
          <button type="button" class="quiet" onClick={signOut} title={current.email}>
            Sign out
          </button>
        </div>
      </div>
      {current.environment === "test" && <p class="test-bar">Test data. Nothing here is about real customers.</p>}
    </header>
  );
}

function Main() {
  const { path } = address.value;
  const ref = useRef<HTMLElement>(null);
  const first = useRef(true);
  const [page = "people", id, tab = "overview"] = path;
  const place = path.join("/");
  // Another page starts at its top, also for screen readers.
  useEffect(() => {
    if (first.current) first.current = false;
    else ref.current?.focus({ preventScroll: true });
    scrollTo(0, 0);
  }, [place]);
  return (
    <main id="main" ref={ref} tabIndex={-1}>
      <Page page={page} id={id} tab={tab} />
    </main>
  );
}

function Page({ page, id, tab }: { page: string; id: string | undefined; tab: string }) {
  if (page === "people") return id ? <Person key={id} id={id} tab={tab} /> : <People />;
  if (page === "messages") return <Messages part={id ?? "read"} />;
  if (page === "integration") return <Integration />;
  return <NotFound />;
}

function NotFound() {
  useTitle("Not found");
  return (
    <>
      <h1>Not found</h1>
      <Empty title="There is no such page">
        <a href={href(["people"])}>Go to the people</a>
      </Empty>
    </>
  );
}
