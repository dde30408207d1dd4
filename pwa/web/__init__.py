"""Who asks is a person: one module per noun in the address. Routes read from storage, write through services."""
