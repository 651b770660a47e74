"""Rules of renewal: pure functions, found by the rulebook."""
