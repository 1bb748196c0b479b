"""`python -m tracker`: the same as the command `tracker`."""

from .cli import main

if __name__ == "__main__":
    main()
