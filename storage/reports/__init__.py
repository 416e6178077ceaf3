"""Tables of days, digests, timesheets and schedules, and sums over entries."""
