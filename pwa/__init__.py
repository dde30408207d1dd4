"""Rekindle: five steps that bring warmth back between a grown child and a parent."""
