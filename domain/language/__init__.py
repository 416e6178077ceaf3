"""Reads days, clock times, lengths, intervals and periods from what people type.

A command goes through these modules in this order (`extract_time_point` and `extract_interval`):

1. `extraction` normalizes the spaces and asks at once whether there can be a time at all (`may_hold_time`). `patterns`
   masks the names of days, months and numbers, so that each is one letter in a regular expression.
2. The patterns of `interval_patterns` or `time_point_patterns`, made of the smaller ones in `ranges`, `clock_times`,
   `days`, `lengths` and `instants`, are matched at the start of the text, then at its end. The longest match is the
   piece; the rest is the project and the note.
3. `continuations` decides whether the words beside the piece are more of the same time ("9:00 *or later*"), with the
   tables in `vocabulary`, `english`, `idioms`, `foreign_words` and `continuation_words`.
4. `note_ends` and `unread_times` look at the rest for a time that no pattern matched ("last week" at its end).
5. What is found in steps 3 and 4 is refused: `hints` says what to type instead. Otherwise the piece is read into a
   value of `domain.time`, which becomes an instant only with the person's zone and the database's clock.

`days`, `days_off` and `periods` also read whole texts, without the search at both ends.
"""
