"""Who asks is the clock: the loop that sends what is due, and the engine that wakes it and runs recurring work."""
