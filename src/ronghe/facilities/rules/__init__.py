"""Rules of public services: pure functions, found by the rulebook."""
