"""The control interface: the page, and tests in other processes, act in the workspace through it. JSON in, JSON out."""
