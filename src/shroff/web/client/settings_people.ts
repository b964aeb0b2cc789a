// People: who may sign in, as what, and letting others in.

import { told, tried } from "./acting";
import { api } from "./api";
import { button, el, labelled, options } from "./dom";
import { grid, moment } from "./grid";
import type { Say } from "./saying";

interface Account {
  name: string;
  role: string;
  signs_in_with: string;
  added: string;
  added_by: string;
}

const ROLES = ["viewer", "analyst", "approver", "admin"];

export async function showPeople(place: HTMLElement, say: Say, alone: boolean): Promise<void> {
  const people = await api<Account[]>("people");
  const again = (): Promise<void> => showPeople(place, say, alone);
  const rows = people.map((each) => [each.name, roleOf(place, say, each, again), each.signs_in_with, moment(each.added), each.added_by, acts(place, say, each, again)]);
  const titles = ["name", "role", "signs_in_with", "added", "added_by"].map((title) => say(title));
  place.replaceChildren(people.length ? grid([...titles, ""], rows) : el("p", { class: "quiet" }, say("no_people")), addForm(place, say, alone, again));
}

function roleOf(place: HTMLElement, say: Say, each: Account, again: () => Promise<void>): HTMLElement {
  const select = el("select", { "aria-label": `${say("role")}: ${each.name}` });
  options(select, ROLES.map((role) => [role, say(`role_${role}`)]));
  select.value = each.role;
  select.addEventListener("change", () => {
    const give = async (): Promise<void> => {
      try {
        await api(`people/${encodeURIComponent(each.name)}`, { method: "PATCH", body: { role: select.value } });
      } catch (fault) {
        select.value = each.role;
        throw fault;
      }
      await again();
      told(place, say("role_given"));
    };
    tried(place, give)();
  });
  return select;
}

function acts(place: HTMLElement, say: Say, each: Account, again: () => Promise<void>): HTMLElement {
  const path = `people/${encodeURIComponent(each.name)}`;
  const out = tried(place, async () => {
    const found = await api<{ ended: number }>(`${path}/sessions`, { method: "DELETE" });
    told(place, say("ended", { count: found.ended }));
  });
  const remove = tried(place, async () => {
    if (!window.confirm(say("remove_sure", { name: each.name }))) return;
    await api(path, { method: "DELETE" });
    await again();
  });
  return el("div", { class: "acts tight" }, button(say("sign_out"), out), button(say("remove"), remove));
}

function addForm(place: HTMLElement, say: Say, alone: boolean, again: () => Promise<void>): HTMLElement {
  const name = el("input", { required: true, maxlength: 100, autocomplete: "off" });
  const role = el("select");
  options(role, (alone ? ["admin"] : ROLES).map((each) => [each, say(`role_${each}`)]));
  const password = el("input", { type: "password", required: true, minlength: 12, maxlength: 256, autocomplete: "new-password" });
  const add = tried(place, async () => {
    await api("people", { body: { name: name.value.trim(), role: role.value, password: password.value } });
    if (alone) location.assign("/sign-in?next=%2Fsettings");
    else await again();
  });
  const form = el("form", { class: "row more" }, labelled(say("name"), name), labelled(say("role"), role), labelled(say("fresh"), password), el("button", { type: "submit" }, say("add_person")));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (!alone || window.confirm(say("team_sure"))) add();
  });
  return form;
}
