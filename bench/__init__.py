"""Races: every figure is measured beside a named peer or limit in the same run. ``make bench`` writes RESULTS.md."""
