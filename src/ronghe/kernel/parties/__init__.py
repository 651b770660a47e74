"""parties: persons, households, collectives, enterprises and agencies (权利人, LA_Party of ISO 19152)."""
