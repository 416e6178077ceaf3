"""Tables of entries, suggestions, imports and running timers."""
