"""Statements about days, digests, timesheets and due notifications, and sums over entries."""
