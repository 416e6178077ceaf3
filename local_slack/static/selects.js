// Block Kit's menus as comboboxes: their options, and how a choice is stored in the state.

import { combobox } from "./combobox.js";

const LETTERS_WAIT = 200; // milliseconds without a key until the app is asked
const LEAST = 3; // Slack's own when the app does not say

const option = (value, text) => ({ text: { type: "plain_text", text }, value });
const has = (one, typed) => one.text.text.toLowerCase().includes(typed.trim().toLowerCase());
const groupsOf = (element) => element.option_groups?.map((one) => ({ label: one.label.text, options: one.options })) ?? [{ options: element.options ?? [] }];
const among = (groups) => (typed) => ({ groups: groups.map((one) => ({ ...one, options: one.options.filter((other) => has(other, typed)) })) });

const people = (view) => view.people.map((one) => option(one.id, one.name));
const channels = (view) => view.channels.filter((one) => !one.person).map((one) => option(one.id, `#${one.name}`));
const conversations = (view) => view.channels.map((one) => option(one.id, one.person ? view.bot.name : `#${one.name}`));

const external = (element, view) => async (typed) => {
  const least = element.min_query_length ?? LEAST;
  if (typed.trim().length < least) return { said: `Type ${least === 1 ? "a letter" : `${least} letters`} or more.` };
  const answer = await view.options(element, typed);
  if (answer.error) return { said: "The app’s list could not be loaded." };
  return { groups: [{ options: answer.options }] };
};

// By type: the options, and whether the state has whole options or bare ids.
const LISTS = { users_select: people, channels_select: channels, conversations_select: conversations };

export const isSelect = (type) => type.endsWith("_select");

export function select(element, view, { id, hooks, held, optional, changed }) {
  const multiple = element.type.startsWith("multi_");
  const kind = element.type.replace(/^multi_/, "");
  const offered = LISTS[kind]?.(view);
  const toOption = (one) => (offered ? offered.find((other) => other.value === one) ?? option(one, one) : one);
  const toState = (one) => (offered ? one.value : one);
  return combobox({
    id,
    hooks: { ...hooks, "data-action": element.action_id },
    placeholder: element.placeholder?.text ?? (multiple ? "Choose some" : "Choose"),
    held: (multiple ? held ?? [] : [held].filter(Boolean)).map(toOption),
    multiple,
    most: element.max_selected_items,
    clearable: optional,
    delay: kind === "external_select" ? LETTERS_WAIT : 0,
    search: kind === "external_select" ? external(element, view) : among(offered ? [{ options: offered }] : groupsOf(element)),
    choose: (chosen) => changed(multiple ? chosen.map(toState) : chosen.length ? toState(chosen[0]) : null),
  });
}
