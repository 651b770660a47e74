"""Rules of settlement: pure functions, found by the rulebook."""
