"""Reports as rivals write them."""

TOGGL = """\
User,Email,Client,Project,Task,Description,Billable,Start date,Start time,End date,End time,Duration,Tags,Amount (USD)
Ada Park,ada@example.com,,API,,Fix login,No,2026-11-16,09:00:00,2026-11-16,10:30:00,01:30:00,"client, In Review",
Ada Park,ada@example.com,ACME,Website,,"A ""footer"", blue",Yes,2026-11-16,11:00:00,2026-11-16,11:45:30,00:45:30,,12.5
Ada Park,ada@example.com,,,,,No,2026-11-17,22:30:00,2026-11-18,00:15:00,01:45:00,,
"""
CLOCKIFY_HEAD = (
    '"Project","Client","Description","Task","User","Group","Email","Tags","Billable","Start Date","Start Time",'
    '"End Date","End Time","Duration (h)","Duration (decimal)","Billable Rate (USD)","Billable Amount (USD)"\n'
)


def clockify(*rows: tuple[str, str, str, str, str]) -> bytes:
    """Rows of start date, start time, end date, end time, length."""
    lines = [
        '"API","","Review","","Ada Park","","ada@example.com","client","No",'
        f'"{a}","{b}","{c}","{d}","{e}","1.00","0.00","0.00"\n'
        for a, b, c, d, e in rows
    ]
    return ("\ufeff" + CLOCKIFY_HEAD + "".join(lines)).encode()
