/** Chooses a person by search. The choice is part of the address. */

import { useEffect, useState } from "preact/hooks";
import { api, body, type Schemas } from "../api/client";
import { fullName, hasName, nameAndPhone, phone } from "../format/words";
import { useResource } from "../resource";
import { href } from "../router";
import { Failure, Field } from "./basics";

const TYPING_MS = 250;
const MOST = 8;

/** The person of the address, if it names one. */
export const usePerson = (id: string) =>
  useResource(id ? `picked ${id}` : null, (signal) => body(api.GET("/users/{user_uuid}", { params: { path: { user_uuid: id } }, signal })));

export function PersonPicker({ id, choose }: { id: string; choose: (id: string) => void }) {
  const person = usePerson(id);
  if (id && person.error) return <Failure error={person.error} retry={person.retry} what="The person" />;
  if (id && person.data) {
    return (
      <p class="picked">
        <span>For <a href={href(["people", id])}>{nameAndPhone(person.data)}</a>{person.data.country_code ? `, ${person.data.country_code}` : ""}</span>
        <button type="button" class="quiet" onClick={() => choose("")}>Choose another person</button>
      </p>
    );
  }
  if (id) return <p class="picked muted">Loading…</p>;
  return <Search choose={choose} />;
}

function Search({ choose }: { choose: (id: string) => void }) {
  const [typed, setTyped] = useState("");
  const [search, setSearch] = useState("");
  useEffect(() => {
    const timer = setTimeout(() => setSearch(typed.trim()), TYPING_MS);
    return () => clearTimeout(timer);
  }, [typed]);
  const found = useResource(search ? `pick ${search}` : null, (signal) => body(api.GET("/users", { params: { query: { search } }, signal })));
  const users: Schemas["User"][] = found.data?.users.slice(0, MOST) ?? [];
  return (
    <div class="picker">
      <Field name="Person" hint="Whose phone received the messages. The country of the phone number decides which institutions a sender may be.">
        <input type="search" placeholder="Name, phone or external id" value={typed} onInput={(event) => setTyped(event.currentTarget.value)} />
      </Field>
      {found.error && <Failure error={found.error} retry={found.retry} what="The search" />}
      <ul class="choices" aria-live="polite">
        {users.map((user) => (
          <li key={user.uuid}>
            <button type="button" class="choice" onClick={() => choose(user.uuid)}>{fullName(user)} {hasName(user) && <span class="muted">{phone(user.phone_number)}</span>}</button>
          </li>
        ))}
        {search && found.data && users.length === 0 && <li class="muted">{`Nobody is found for “${search}”.`}</li>}
      </ul>
    </div>
  );
}
