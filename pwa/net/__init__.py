"""The guarded door to other people's servers: which machines may be reached, and how something is fetched from one."""
