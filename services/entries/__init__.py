"""Operations on timers and entries: start, stop, log, edit, undo, suggestions, imports, exports."""
