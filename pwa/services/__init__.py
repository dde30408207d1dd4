"""One use, one transaction: load, ask the rule, write. A service decides nothing."""
