"""The door to the database: one module per noun, each with its model and every query on it."""
