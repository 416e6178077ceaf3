"""REST: reports and summaries."""
