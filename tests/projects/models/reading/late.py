"""Imported late."""

UNITS = 6
