"""From text to time: what people type for days, clock times, lengths and periods."""
