"""机制: what every room declares on: meetings, cases, lots, accounts … each built once."""
