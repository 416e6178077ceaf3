"""What stands beside a time: a note that nobody takes for time is understood, words that would make it another time are
refused. It is Saturday 2026-11-14, 15:40 in Berlin."""

import re

import pytest

from domain.errors import Refusal
from tests.domain.language.test_phrases_generated import is_understood
from tests.domain.language.test_phrases_whole import read


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        # words and numbers of the note that a reader takes for nothing else
        ("log 30m after hours support", "11-14 15:10-15:40 | after hours support"),
        ("log 2h after sales call", "11-14 13:40-15:40 | after sales call"),
        ("start after hours support", "now | after hours support"),
        ("log 1h last minute fix", "11-14 14:40-15:40 | last minute fix"),
        ("start last minute fix", "now | last minute fix"),
        ("start at 9:00 past due invoices", "11-14 09:00 | past due invoices"),
        ("log 2h yesterday to do list", "11-13 09:00-11:00 | to do list"),
        ("log 2h yesterday last sprint retro", "11-13 09:00-11:00 | last sprint retro"),
        ("log 2h yesterday next steps", "11-13 09:00-11:00 | next steps"),
        ("log 2h yesterday march release", "11-13 09:00-11:00 | march release"),
        ("log 1h H1 review", "11-14 14:40-15:40 | H1 review"),
        ("start s3 bucket", "now | s3 bucket"),
        ("start HR interviews", "now | HR interviews"),
        ("log 1h HR interviews", "11-14 14:40-15:40 | HR interviews"),
        ("log 2h yesterday week view", "11-13 09:00-11:00 | week view"),
        ("start minutes of the board", "now | minutes of the board"),
        ("log api office hours 1h", "11-14 14:40-15:40 | api office hours"),
        ("log api fix 404s 1h", "11-14 14:40-15:40 | api fix 404s"),
        ("log api order 20261112 1h", "11-14 14:40-15:40 | api order 20261112"),
        ("log 30m 1:1s", "11-14 15:10-15:40 | 1:1s"),
        ("log 1h 360° review", "11-14 14:40-15:40 | 360° review"),
        ("log 1h 10% discount", "11-14 14:40-15:40 | 10% discount"),
        ("log 1h monday.com integration", "11-14 14:40-15:40 | monday.com integration"),
        ("log 2h yesterday 90 day plan", "11-13 09:00-11:00 | 90 day plan"),
        ("start two day workshop", "now | two day workshop"),
        ("log 1h api 24h hotline", "11-14 14:40-15:40 | api 24h hotline"),
        ("start at 9:00 west coast sync", "11-14 09:00 | west coast sync"),
        ("start 14:00 evening class", "11-14 14:00 | evening class"),
        ("log 1h 3x faster build", "11-14 14:40-15:40 | 3x faster build"),
        # around the clock, which is no July
        ("log 2h 24/7 support", "11-14 13:40-15:40 | 24/7 support"),
        ("log 2h yesterday 24/7 on-call", "11-13 09:00-11:00 | 24/7 on-call"),
        ("start 24/7 support", "now | 24/7 support"),
        ("log 2h 24/7/2026 api", "07-24 09:00-11:00 | api"),
        # marks around a time
        ("log 1h api (yesterday)", "11-13 09:00-10:00 | api"),
        ("log 1h api (notes of friday)", "11-14 14:40-15:40 | api (notes of friday)"),
        ("start api (20 min ago)", "11-14 15:20 | api"),
        ("log 1h -- api fix", "11-14 14:40-15:40 | api fix"),
        ("log 1h | api", "11-14 14:40-15:40 | api"),
        ("start 12 tickets", "now | 12 tickets"),
        ("start 3 way call", "now | 3 way call"),
        ("log 2h! api", "11-14 13:40-15:40 | api"),
    ],
)  # fmt: skip
def test_a_note_beside_a_time_stays_a_note(typed: str, meant: str) -> None:
    assert read(typed) == meant


@pytest.mark.parametrize(
    "typed",
    [
        # other languages are not read
        "log 1h gestern api", "log 1h api gestern", "log 1h montag api", "log 1h ayer api", "log 1h lundi api",
        "log 1h 12 okt api", "log 1h 12. Okt api", "log 1h 12. 11. api", "log 1h el lunes api", "log 1h ce matin api",
        "log 1h letzten freitag api", "log 9-11 uhr api", "log 9:00-11:00 gestern api", "start um 9 api",
        "start 9 uhr api", "start at 9 Uhr api", "start api at ten Uhr", "start vor 20 min api",
        "start il y a 20 min api",
        "start hace 20 min api", "start desde 9 api", "start seit 9 api",
        # slips and short forms
        "log 1h firday api", "log 1h yday api", "log 1h y'day api", "log 1h api ydy", "start ydy api",
        # dates in digits
        "log 2h 20261112 api", "log 2h 2026.11.12 api", "log 2h 12112026 api", "log 2h 12/nov api",
        "log 2h nov/12 api", "log 2h 12-nov-26 api", "log 1h api 12 nov 26", "log 1h api 12.11.26",
        "log 1h 24/7 api", "log 1h 1/2 api", "log api release 2.5 1h", "log 2h wk46 api", "log 2h iso week 46 api",
        "log 1h api w/c 9 nov", "log 1h week ending 13 nov api",
        # hours that belong to it
        "log 2h by 11 api", "log 2h around 9 api", "log 2h @ 9 api", "log 2h @9 api", "log 2h ending at 11 api",
        "log 2h end 11 api", "log 2h api at 9", "log 2h api @ 9", "log 2h api at nine", "log 2h yesterday api at 9",
        "log 2h yesterday 0900 api", "log 2h yesterday start 9:00 api", "log 2h yesterday api at 9:00",
        "log 2h api until 11", "log 2h now api", "log 2h right now api", "start api fix at 9", "start nine thirty api",
        "start 9ish api", "start ~9 api", "start circa 9 api", "start before 9 api", "start at 9 h30 api",
        "start 9 standup", "start sicne 9 api", "log 2h on the 3rd floor", "log 2h the 3rd party api",
        # idioms
        "start couple of min ago api", "start at: 9:00 api", "start (at 9:00) api", "start about 9:00 api",
        "log 1:30:00 api", "log 1h half api", "log 8h / day api", "start api an hour back",
        "log 1h the same day api", "log 1h first thing api", "log 1h all morning api", "log 1h the whole afternoon api",
        "log 1h twice api", "log 1h times 2 api", "log 1h 2x api", "log 1h *2 api", "log 8h per day api",
        "log 1h /day api", "log 1h and a bit api", "log 9-17 minus lunch api", "log 9-17 with 30m break api",
        "log 9-17 yesterday api minus 1h lunch", "log 1h api +30m", "log 1h mon + tue api", "log 1h api mon and tue",
        "log 1h [mon] api", "log 1h *mon* api", "log 2h? api", "log 1h api last last friday",
        "log 1h api earlier today",
    ],
)  # fmt: skip
def test_words_that_would_change_the_time_are_refused(typed: str) -> None:
    with pytest.raises(Refusal) as refused:
        read(typed)
    sentence = refused.value.sentence
    assert sentence.endswith(" Nothing was changed.")
    for example in re.findall("`([^`]+)`", sentence):
        assert is_understood(example.replace("…", "api"), beside=typed), sentence
