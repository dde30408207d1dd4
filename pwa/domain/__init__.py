"""The rules. Standard library only, no I/O; `now` is always an argument (aware UTC)."""
