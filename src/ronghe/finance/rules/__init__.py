"""Rules of rural finance: pure functions, found by the rulebook."""
