"""Measurements, compared within one run. `python -m bench` writes docs/performance.md."""
