"""Rules of the policy room: pure functions, found by the rulebook."""
