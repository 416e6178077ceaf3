"""Reads what follows the name of a command about a timer. Raises NotUnderstood with an example that works."""

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
    """None opens the form."""
    return parse_start(rest) if rest else None


def parse_stop(rest: str) -> TimePoint | None:
    """None is now."""
    return parse_time_point(rest) if rest else None


def parse_log(rest: str) -> LogParams | None:
    """None opens the form."""
    if not rest:
        return None
    words, tags = _cut_tags(rest)
    stretch, words = extract_interval(words)
    return LogParams(work=parse_work(f"{words} {tags}"), interval=stretch)


def _cut_tags(text: str) -> tuple[str, str]:
    """Tags may stand anywhere, and a time is looked for at both ends of what is left. "+30m" is rather a time."""
    words = text.split()
    tags = [word for word in words if _TAG.fullmatch(word) and not word[1].isdigit()]
    return " ".join(word for word in words if word not in tags), " ".join(tags)


def parse_work(text: str) -> Work:
    """Project, note and tags, as they stand in the words of a start or a log."""
    words = text.split()
    tags = tuple(word[1:].lower() for word in words if _TAG.fullmatch(word))
    text = " ".join(word for word in words if not _TAG.fullmatch(word))
    if quoted := _QUOTED.match(text):
        project, note = ProjectMention(name=quoted["title"].strip(), must=True), quoted["rest"]
    elif named := _NAMED.match(text):
        project, note = ProjectMention(name=named["title"], must=True), named["rest"]
    elif led := _LED.fullmatch(text):
        name = (led["quoted"] or led["word"]).strip()
        project = ProjectMention(name=name, must=False, whole=True, typed=text[: led.start("rest")].strip())
        note = led["rest"]
    elif text:
        first, _, note = text.partition(" ")
        project = _first_word(first)
    else:
        return Work(tags=tags)
    return Work(project=project, note=note.strip(), tags=tags)


def _first_word(word: str) -> ProjectMention:
    """A colon behind a title such as "A/B" is none of it; where there is no such project, the word stays as it is."""
    name = word.rstrip(":")
    if not name or name == word:
        return ProjectMention(name=word, must=False)
    return ProjectMention(name=name, must=False, whole=True, typed=word)


_TAG = re.compile(r"\+[^\W_][\w-]*")
_QUOTED = re.compile(r"[\"“”](?P<title>[^\"“”]*[^\s\"“”][^\"“”]*)[\"“”]:?\s*(?P<rest>.*)")
# "2 hours on api": where there is no such project, the words stay as they are.
_LED = re.compile(
    r"(?:on|for|in|at|of) (?:[\"“”](?P<quoted>[^\"“”]{1,80}+)[\"“”]:?|(?P<word>[^\s:]{1,80}+):?+)(?P<rest>(?:\s.*)?)",
    re.IGNORECASE,
)
_NAMED = re.compile(r"(?P<title>[^\s:/]{1,80}):(?:\s+|$)(?P<rest>.*)")
