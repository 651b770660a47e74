"""Rules of how the work is led and watched: pure functions, found by the rulebook."""
