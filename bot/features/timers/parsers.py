"""Parsers of the commands about timers. They raise NotUnderstood with an example that works."""

import re

from domain.entries.entries import Work
from domain.entries.params import LogParams, StartParams
from domain.language.intervals import extract_interval
from domain.language.time_points import extract_time_point, parse_time_point, refuse_unread_time
from domain.projects.projects import ProjectMention
from domain.time.time_points import TimePoint


def parse_start(rest: str) -> StartParams:
    words, tags = _cut_tags(rest)
    when, words = extract_time_point(words)
    if when is None:
        refuse_unread_time(words)
    return StartParams(work=parse_work(f"{words} {tags}"), when=when)


def parse_switch(rest: str) -> StartParams | None:
    """Parse project, note and tags of a start; None opens the form."""
    return parse_start(rest) if rest else None


def parse_stop(rest: str) -> TimePoint | None:
    """Parse when to stop; None is now."""
    return parse_time_point(rest) if rest else None


def parse_log(rest: str) -> LogParams | None:
    """Parse an interval with project, note and tags; None opens the form."""
    if not rest:
        return None
    words, tags = _cut_tags(rest)
    interval, words = extract_interval(words)
    return LogParams(work=parse_work(f"{words} {tags}"), interval=interval)


def _cut_tags(text: str) -> tuple[str, str]:
    """Split the tags off, wherever they stand. A word such as "+30m" counts as a time, not as a tag."""
    words = text.split()
    tags = [word for word in words if _TAG.fullmatch(word) and not word[1].isdigit()]
    return " ".join(word for word in words if word not in tags), " ".join(tags)


def parse_work(text: str) -> Work:
    """Parse project, note and tags from the words of a start or a log."""
    words = text.split()
    tags = tuple(word[1:].lower() for word in words if _TAG.fullmatch(word))
    text = " ".join(word for word in words if not _TAG.fullmatch(word))
    if quoted := _QUOTED.match(text):
        project, note = ProjectMention(name=quoted["title"].strip(), required=True), quoted["rest"]
    elif named := _NAMED.match(text):
        project, note = ProjectMention(name=named["title"], required=True), named["rest"]
    elif preposition := _WITH_PREPOSITION.fullmatch(text):
        name = (preposition["quoted"] or preposition["word"]).strip()
        project = ProjectMention(
            name=name, required=False, whole=True, typed=text[: preposition.start("rest")].strip()
        )
        note = preposition["rest"]
    elif text:
        first, _, note = text.partition(" ")
        project = _read_first_word(first)
    else:
        return Work(tags=tags)
    return Work(project=project, note=note.strip(), tags=tags)


def _read_first_word(word: str) -> ProjectMention:
    """Read the first word as a project.

    A colon after it, as in "A/B:", is no part of the name. If there is no such project, the whole word stays in the
    note.
    """
    name = word.rstrip(":")
    if not name or name == word:
        return ProjectMention(name=word, required=False)
    return ProjectMention(name=name, required=False, whole=True, typed=word)


_TAG = re.compile(r"\+[^\W_][\w-]*")
_QUOTED = re.compile(r"[\"“”](?P<title>[^\"“”]*[^\s\"“”][^\"“”]*)[\"“”]:?\s*(?P<rest>.*)")
# "2 hours on api": if there is no such project, "on api" stays in the note.
_WITH_PREPOSITION = re.compile(
    r"(?:on|for|in|at|of) (?:[\"“”](?P<quoted>[^\"“”]{1,80}+)[\"“”]:?|(?P<word>[^\s:]{1,80}+):?+)(?P<rest>(?:\s.*)?)",
    re.IGNORECASE,
)
_NAMED = re.compile(r"(?P<title>[^\s:/]{1,80}):(?:\s+|$)(?P<rest>.*)")
