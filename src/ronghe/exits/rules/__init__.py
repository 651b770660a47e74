"""Rules of exit: pure functions, found by the rulebook."""
