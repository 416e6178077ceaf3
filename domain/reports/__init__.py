"""Days, periods, weeks and teams added up: values and rules of reports, digests and timesheets."""
