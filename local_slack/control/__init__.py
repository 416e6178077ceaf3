"""The interface by which the page, and tests in other processes, act in the workspace. JSON in, JSON out."""
