"""`python -m orion`: the `orion` command."""

from orion.cli import main

if __name__ == "__main__":
    main()
