"""The door to the push services: what may be sent where, and what came of it. Knows nothing of storage."""
