/** Messages: the reading of one, the upload of a phone's backup, and the unread wordings. */

import { lazy } from "../lazy";
import { href } from "../router";
import { Empty } from "../ui/basics";
import { useTitle } from "../ui/title";
import { Explain } from "./explain";

const Upload = lazy(() => import("./upload").then((module) => module.Upload));
const Unread = lazy(() => import("./unread").then((module) => module.Unread));

const PARTS = [
  { path: "read", name: "Try a message", screen: Explain },
  { path: "upload", name: "Upload a backup", screen: Upload },
  { path: "unread", name: "Unread wordings", screen: Unread },
];

export function Messages({ part }: { part: string }) {
  const found = PARTS.find((each) => each.path === part);
  const Screen = found?.screen;
  useTitle(found?.name ?? "Messages");
  return (
    <>
      <h1>Messages</h1>
      <nav class="tabs" aria-label="Parts of messages">
        {PARTS.map((each) => (
          <a
            key={each.path}
            href={href(["messages", each.path])}
            aria-current={each.path === part ? "page" : undefined}
          >
            {each.name}
          </a>
        ))}
      </nav>
      {Screen ? (
        <Screen />
      ) : (
        <Empty title="There is no such part">
          <a href={href(["messages"])}>To the messages</a>
        </Empty>
      )}
    </>
  );
}
