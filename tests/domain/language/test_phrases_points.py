"""Points in time as people type them after `start` and `stop`. Now is Wednesday 2026-11-18, 15:40 in Berlin."""

import pytest

from domain.errors import Refusal
from tests.domain.language.phrase_book import started, stopped


@pytest.mark.parametrize(
    ("typed", "meant", "note"),
    [
        # so long ago
        ("20 mins ago, api", "11-18 15:20", "api"),
        ("20 minutes ago api", "11-18 15:20", "api"),
        ("twenty minutes ago api", "11-18 15:20", "api"),
        ("twenty-five minutes ago api", "11-18 15:15", "api"),
        ("forty five min ago api", "11-18 14:55", "api"),
        ("one hour ago api", "11-18 14:40", "api"),
        ("1 hour 20 minutes ago api", "11-18 14:20", "api"),
        ("an hour and 10 minutes ago", "11-18 14:30", ""),
        ("1hr15 ago api", "11-18 14:25", "api"),
        ("half hour ago", "11-18 15:10", ""),
        ("1/2 hour ago", "11-18 15:10", ""),
        ("½ hour ago", "11-18 15:10", ""),
        ("2½ hours ago", "11-18 13:10", ""),
        ("two and a half hours ago api", "11-18 13:10", "api"),
        ("about 20 min ago api", "11-18 15:20", "api"),
        ("~20m ago api", "11-18 15:20", "api"),
        ("25h ago api", "11-17 14:40", "api"),
        ("right now api", "11-18 15:40", "api"),
        # at a time of day
        ("@14:15 api", "11-18 14:15", "api"),
        ("At 9AM API", "11-18 09:00", "API"),
        ("at 9 a.m. api", "11-18 09:00", "api"),
        ("9 a.m. api", "11-18 09:00", "api"),
        ("at 2:30 p.m. x", "11-18 14:30", "x"),
        ("at 9p yesterday", "11-17 21:00", ""),
        ("at 9 o'clock api", "11-18 09:00", "api"),
        ("at 0900 api", "11-18 09:00", "api"),
        ("since 1430 api", "11-18 14:30", "api"),
        ("at 9.15 api", "11-18 09:15", "api"),
        ("at 14h15 api", "11-18 14:15", "api"),
        ("at nine api", "11-18 09:00", "api"),
        ("at nine thirty api", "11-18 09:30", "api"),
        ("half past nine standup", "11-18 09:30", "standup"),
        ("quarter to nine api", "11-18 08:45", "api"),
        ("at 5 past 9 api", "11-18 09:05", "api"),
        ("twenty past nine api", "11-18 09:20", "api"),
        ("starting at 9 api", "11-18 09:00", "api"),
        ("since around 9 api", "11-18 09:00", "api"),
        ("at 12 api", "11-18 12:00", "api"),
        ("at 12:30am api", "11-18 00:30", "api"),
        ("at 03:30 api", "11-18 03:30", "api"),
        ("at   14:15    api", "11-18 14:15", "api"),
        ("at 15:40", "11-18 15:40", ""),
        # with a part of the day, that makes an hour sure
        ("since 8:45 this morning api", "11-18 08:45", "api"),
        ("at 3 this afternoon api", "11-18 15:00", "api"),
        ("at 9 last night api", "11-17 21:00", "api"),
        ("yesterday evening at 8 api", "11-17 20:00", "api"),
        ("yesterday at 8 in the evening api", "11-17 20:00", "api"),
        ("at 5 o'clock yesterday afternoon api", "11-17 17:00", "api"),
        ("monday morning at 9 api", "11-16 09:00", "api"),
        # on a day
        ("yesterday at 9 api", "11-17 09:00", "api"),
        ("11pm yesterday api", "11-17 23:00", "api"),
        ("the day before yesterday at 14:00 api", "11-16 14:00", "api"),
        ("two days ago 9:00 api", "11-16 09:00", "api"),
        ("a week ago at 9:00 api", "11-11 09:00", "api"),
        ("the 12th at 9:00 api", "11-12 09:00", "api"),
        ("12th of november 9:00 api", "11-12 09:00", "api"),
        ("tuesday last week at 10:00 api", "11-10 10:00", "api"),
        ("mon, 16 nov, 9:00 api", "11-16 09:00", "api"),
        ("2026-11-12T09:00 api", "11-12 09:00", "api"),
        # at the end of a note
        ("api since 8 this morning", "11-18 08:00", "api"),
        ("api at 3 this afternoon", "11-18 15:00", "api"),
        ("api yesterday 16:00", "11-17 16:00", "api"),
        ("api 16:00 yesterday", "11-17 16:00", "api"),
        ("api, twenty minutes ago.", "11-18 15:20", "api"),
        # a note stays a note
        ("1:1 with Bob", "", "1:1 with Bob"),
        ("1on1", "", "1on1"),
        ("404 page", "", "404 page"),
        ("2.5 release", "", "2.5 release"),
        ("next sprint planning", "", "next sprint planning"),
        ("on call", "", "on call"),
        ("yesterday's bug", "", "yesterday's bug"),
        ("fix login by 14:00", "", "fix login by 14:00"),
        ("api prep for 14:00", "", "api prep for 14:00"),
        ("api tomorrow", "", "api tomorrow"),
        ("sundry work", "", "sundry work"),
    ],
)
def test_a_start_means_one_point_in_time_and_keeps_the_note(typed: str, meant: str, note: str) -> None:
    assert started(typed) == (meant, note)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("at 14:15", "11-18 14:15"),
        ("14:15.", "11-18 14:15"),
        ("2pm", "11-18 14:00"),
        ("2 p.m.", "11-18 14:00"),
        ("1430", "11-18 14:30"),
        ("14.30", "11-18 14:30"),
        ("at 15", "11-18 15:00"),
        ("now", "11-18 15:40"),
        ("a minute ago", "11-18 15:39"),
        ("5 min ago", "11-18 15:35"),
        ("two hours ago", "11-18 13:40"),
        ("1 hour and 5 minutes ago", "11-18 14:35"),
        ("14:15 yesterday", "11-17 14:15"),
        ("yesterday at 6pm", "11-17 18:00"),
        ("last night at 11", "11-17 23:00"),
        ("11 last night", "11-17 23:00"),
        ("9 this morning", "11-18 09:00"),
        ("2 this afternoon", "11-18 14:00"),
        ("half past 9", "11-18 09:30"),
        ("at noon today", "11-18 12:00"),
        ("midnight", "11-18 00:00"),
        ("mon 5pm", "11-16 17:00"),
        ("17:00 on 12/11", "11-12 17:00"),
        ("12th nov at 17:00", "11-12 17:00"),
        ("02:30", "11-18 02:30"),
    ],
)
def test_a_stop_takes_a_point_in_time_alone(typed: str, meant: str) -> None:
    assert stopped(typed) == meant


@pytest.mark.parametrize(
    ("typed", "reason"),
    [
        # half of something is not a time, and is not silently now
        ("14:15-15:00 x", "Say one point"),
        ("14:15 – 15:00 x", "Say one point"),
        ("from 9 to noon x", "Say one point"),
        ("9 to 5 api", "Say one point"),
        ("2 or 3 hours ago api", "Say one point"),
        ("at ten to nine api", "I didn't understand"),
        ("since 8 weeks", "20 min ago"),
        ("since 10 minutes x", "20 min ago"),
        ("since 2h api", "20 min ago"),
        ("for 2h api", "20 min ago"),
        ("long ago", "20 min ago"),
        ("a while ago api", "20 min ago"),
        ("5 days ago", "20 min ago"),
        ("10 seconds ago", "20 min ago"),
        ("a couple of hours ago api", "how many"),
        ("a few minutes ago", "how many"),
        ("1h fix", "30 min ago"),
        ("30m api", "30 min ago"),
        ("20 min ago 1h api", "I didn't understand"),
        ("10:30-ish x", "A time of day is"),
        ("14:15:30 api", "Hours and minutes"),
        ("at 9ish api", "at 14:15"),
        ("at 9 30 api", "at 14:15"),
        ("25:00 api", "A time of day is"),
        ("at 9:75 api", "A time of day is"),
        ("at 2026 goals", "at 14:15"),
        ("since 9.10 api", "At what time?"),
        ("at ９:30 x", "digits 0 to 9"),
        ("half 9 api", "an hour apart"),
        ("at 14:15 utc api", "leave out the zone"),
        ("yesterday", "At what time?"),
        ("yesterday api", "At what time?"),
        ("yesterday 9 api", "At what time?"),
        ("monday api", "At what time?"),
        ("12/11 api", "At what time?"),
        ("12 nov api", "At what time?"),
        ("this morning api", "At what time?"),
        ("since yesterday api", "At what time?"),
        ("api since this morning", "At what time?"),
        ("yesteday 9:00 api", "I didn't understand"),
        ("api 14:15", "Did it start at 14:15?"),
        ("api 2pm", "Did it start at 2pm?"),
        ("later", "20 min ago"),
        # the future, the negative, the double
        ("in 20 min api", "has passed"),
        ("20 minutes from now api", "has passed"),
        ("tomorrow 9:00 api", "has not come yet"),
        ("tomorrow api", "has passed"),
        ("next friday at 9 api", "has not come yet"),
        ("this friday 9:00 api", "has not come yet"),
        ("until 17:00 api", "at 14:15"),
        ("at 15:41", "Did you mean `yesterday 15:41`?"),
        ("-30m api", "leave out the minus"),
        ("20 min ago api since 9", "two times"),
        # morning or afternoon
        ("at 3:30 api", "`3:30am` or `15:30`"),
        ("quarter past 2 api", "`2:15am` or `14:15`"),
        ("quarter to 1 api", "`12:45am` or `12:45`"),
        ("at 2 last night api", "There is no 2:00 in “last night”"),
        ("14:00 this morning api", "There is no 14:00 in “morning”"),
        # days that are none
        ("tue 18 nov 9:00", "18 Nov 2026 is a Wednesday"),
        ("the 32nd at 9:00", "no such date"),
    ],
)
def test_what_begins_or_ends_like_a_time_and_is_none_is_refused(typed: str, reason: str) -> None:
    with pytest.raises(Refusal) as refused:
        started(typed)
    assert reason in refused.value.sentence
    assert refused.value.sentence.endswith(" Nothing was changed.")


@pytest.mark.parametrize(
    ("typed", "reason"),
    [
        ("in 20 min", "has passed"),
        ("20 minutes from now", "has passed"),
        ("30m", "30 min ago"),
        ("-30m", "minus"),
        ("15", "at 14:15"),
        ("9.10", "at 14:15"),
        ("yesterday", "At what time?"),
        ("in the morning", "At what time?"),
        ("yesterday at 6", "`6am` or `18:00`"),
        ("1:30", "`1:30am` or `13:30`"),
        ("at 14:15 api", "Only the time"),
        ("9-11", "Say one point"),
        ("when I left", "at 14:15"),
        ("half 9", "an hour apart"),
        ("at 24:00", "A time of day is"),
        ("14:15 UTC", "leave out the zone"),
        ("?", "at 14:15"),
    ],
)
def test_a_stop_that_is_no_point_in_time_is_refused(typed: str, reason: str) -> None:
    with pytest.raises(Refusal) as refused:
        stopped(typed)
    assert reason in refused.value.sentence
    assert refused.value.sentence.endswith(" Nothing was changed.")
