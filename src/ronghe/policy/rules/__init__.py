"""Rules that every room asks: the bottom lines of the reform. Pure functions, found by the rulebook."""
