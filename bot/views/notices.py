"""Answers that are not about a timer: refusals, settings, tokens, help."""

from bot.grammar import COMMAND, COMMANDS
from bot.intents import Command, Unknown
from bot.views.blocks import ActionId, Message, actions, button, context, escaped, message, moment, section
from domain.calendar import day_of
from domain.digests import DigestSettings
from domain.durations import clock
from domain.errors import UnknownProject
from domain.projects import ProjectAnswer, ProjectChange, ProjectList


def refusal(sentence: str) -> Message:
    return message(escaped(sentence, 1_000), [section(escaped(sentence, 1_000))])


def words(text: str) -> Message:
    """An integration's words, or ours about an act that was in doubt; nothing in them comes alive."""
    shown = "\n".join(escaped(line, 2_900) for line in text.splitlines())[:2_900]
    return message(shown, [section(shown)])


def unknown_project(error: UnknownProject, typed: str) -> Message:
    """Offers to make it and go on as typed, which travels in the button."""
    shown = escaped(error.sentence, 500)
    verb = typed.split(" ", 1)[0].lower()
    if verb not in {"start", "log"}:
        return message(shown, [section(shown), context(f"`{COMMAND} projects` shows what there is.")])
    offer = button(f"Make “{error.name[:30]}” and {verb}", ActionId.MAKE_PROJECT, typed, style="primary")
    return message(shown, [section(shown), *actions([offer])])


def unknown_command(unknown: Unknown) -> Message:
    shown = f"I don't know `{COMMAND} {escaped(unknown.typed, 100).replace('`', ' ')}`. Nothing was changed."
    if unknown.suggestion is None:
        return message(shown, [section(shown), context(f"`{COMMAND} help` shows what you can type.")])
    meant = f"{COMMAND} {unknown.suggestion}"
    return message(
        f"{shown} Did you mean {escaped(meant, 200)}?",
        [
            section(f"{shown}\nDid you mean *{escaped(meant, 200)}*?"),
            *actions([button(meant, ActionId.RUN, unknown.suggestion)]),
        ],
    )


def digest_settings(settings: DigestSettings) -> Message:
    person = settings.person
    if settings.next_at is None:
        text = "Daily digest is off. `/track digest on` brings it back."
        return message(text, [section(text)])
    zone = person.zone
    same_day = day_of(settings.next_at, zone) == day_of(settings.at, zone)
    form = "{time}" if same_day else "{date_short_pretty} {time}"
    days = "every day" if person.digest.daily else "on working days, and on others when you tracked something"
    text = f"Daily digest is on, at {person.digest.at:%H:%M} ({zone.key}), {days}."
    return message(
        f"{text} Next: {clock(settings.next_at, zone)}.",
        [section(text), context(f"Next: {moment(settings.next_at, zone, form)}")],
    )


def token(secret: str, *, replaced: bool) -> Message:
    """Shown once, to its owner alone: the fallback text, which may be shown on a lock screen, is without it."""
    note = "The token you had before has stopped working. " if replaced else ""
    return message(
        "Your new API token is in this message. It is shown only once.",
        [
            section(f"*Your API token*\n```{secret}```"),
            context(f"{note}Shown only once, only to you. Use it as `Authorization: Bearer …`."),
        ],
    )


def help_page(about: Command | None) -> Message:
    if about is None:
        lines = [f"`{COMMAND} {escaped(command.usage)}`\n{escaped(command.about)}" for command in COMMANDS]
        hint = f"`{COMMAND} help start` shows examples. Words in [brackets] may be left out."
        return message(
            f"{COMMAND} " + ", ".join(command.name for command in COMMANDS),
            [section("\n".join(lines)), context(hint)],
        )
    examples = "\n".join(f"• `{COMMAND} {escaped(example)}`" for example in about.examples)
    return message(
        f"{COMMAND} {escaped(about.usage)}: {escaped(about.about)}",
        [section(f"*{COMMAND} {escaped(about.usage)}*\n{escaped(about.about)}"), section(examples)],
    )


def project(answer: ProjectAnswer) -> Message:
    title, slug = escaped(answer.project.title, 80), escaped(answer.project.slug, 40)
    match answer.change:
        case ProjectChange.MADE:
            said, next_step = (
                f"*{title}* is a project now.",
                f"`{COMMAND} start {slug}` starts a timer on it.",
            )
        case ProjectChange.RENAMED:
            before = escaped(answer.before.title, 80) if answer.before else "It"
            said, next_step = (
                f"*{before}* is called *{title}* now.",
                f"Type `{slug}`. Its entries stay with it.",
            )
        case ProjectChange.ARCHIVED:
            said = f"*{title}* is archived."
            next_step = f"Its entries stay. `{COMMAND} project new {title}` brings it back."
    return message(f"{said} {next_step}".replace("*", ""), [section(said), context(next_step)])


def project_list(found: ProjectList) -> Message:
    if not found.projects:
        text = f"There are no projects yet. `{COMMAND} project new API` makes the first."
        return message(text, [section(text)])
    lines = [f"• *{escaped(one.title, 80)}*  `{escaped(one.slug, 40)}`" for one in found.projects]
    more = ["There are more; any of them can be typed."] if found.more else []
    first = escaped(found.projects[0].slug, 40)
    hint = f"`{COMMAND} start {first} …` starts a timer. A unique beginning is enough."
    names = ", ".join(escaped(one.title, 80) for one in found.projects)
    return message(f"Projects: {names}", [section("\n".join(lines)), context(" ".join([*more, hint]))])
