"""What trials add to the navigation."""

NAV = ()
