"""Reads of the zone's office."""
