"""`python -m pwa` is the `rekindle` command."""

from pwa.cli import main

if __name__ == "__main__":
    main()
