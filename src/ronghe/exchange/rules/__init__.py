"""Rules of market entry: pure functions, found by the rulebook."""
