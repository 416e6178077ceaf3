"""Days, points in time, intervals and periods as values, in the zone of a person."""
