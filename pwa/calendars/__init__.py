"""Calendars: what is read from a person’s own, and what is written for them (RFC 5545)."""
