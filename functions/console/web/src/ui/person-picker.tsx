/** Selects a person by search. The selection is part of the address. */

import { useEffect, useRef, useState } from "preact/hooks";
import { body, type Schemas } from "../api/client";
import { getUser, getUsers } from "../api/operations";
import { country, fullName, hasName, nameAndPhone, phone } from "../format/words";
import { useResource, type Resource } from "../resource";
import { href } from "../router";
import { Failure, Field } from "./basics";

const TYPING_MS = 250;
const MOST = 8;

type Person = Schemas["User"];

/** The person in the address, if any. */
export const usePerson = (id: string) =>
  useResource(id ? `picked ${id}` : null, (signal) =>
    body(getUser({ params: { path: { user_uuid: id } }, signal })),
  );

type PickerProps = { id: string; person: Resource<Person>; choose: (id: string) => void };

export function PersonPicker({ id, person, choose }: PickerProps) {
  const ref = useRef<HTMLDivElement>(null);
  const chose = useRef(false);
  // The pressed control has been removed: the focus moves to its replacement.
  useEffect(() => {
    const control = chose.current && ref.current?.querySelector<HTMLElement>("input, button");
    if (!control) return;
    chose.current = false;
    control.focus();
  }, [id, person.data]);
  const pick = (id: string) => {
    chose.current = true;
    choose(id);
  };
  return (
    <div ref={ref}>
      <Picked id={id} person={person} choose={pick} />
    </div>
  );
}

function Picked({ id, person, choose }: PickerProps) {
  if (id && person.error) return <Failure error={person.error} retry={person.retry} what="The person" />;
  // The previous person's answer does not apply.
  if (id && person.data?.uuid === id.toLowerCase()) {
    return (
      <p class="picked">
        <span>
          For <a href={href(["people", id])}>{nameAndPhone(person.data)}</a>
          {person.data.country_code ? `, ${country(person.data.country_code)}` : ""}
        </span>
        <button type="button" class="quiet" onClick={() => choose("")}>
          Choose another person
        </button>
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
  const found = useResource(search ? `pick ${search}` : null, (signal) =>
    body(getUsers({ params: { query: { search } }, signal })),
  );
  const users: Person[] = found.data?.users.slice(0, MOST) ?? [];
  const pickTheOnly = (event: SubmitEvent) => {
    event.preventDefault();
    if (users.length === 1) choose(users[0]!.uuid);
  };
  return (
    <form class="picker" role="search" onSubmit={pickTheOnly}>
      <Field name="Person" hint="Whose phone received the messages">
        <input
          type="search"
          placeholder="Name, phone or external id"
          value={typed}
          onInput={(event) => setTyped(event.currentTarget.value)}
        />
      </Field>
      {found.error && <Failure error={found.error} retry={found.retry} what="The search" />}
      <ul class="choices" aria-live="polite">
        {users.map((user) => (
          <li key={user.uuid}>
            <button type="button" class="choice" onClick={() => choose(user.uuid)}>
              {fullName(user)} {hasName(user) && <span class="muted">{phone(user.phone_number)}</span>}
            </button>
          </li>
        ))}
        {search && found.data && users.length === 0 && <li class="muted">{`Nobody is found for “${search}”.`}</li>}
      </ul>
    </form>
  );
}
