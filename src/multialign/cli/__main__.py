"""`python -m multialign.cli`."""

from multialign.cli import main

if __name__ == "__main__":
    main()
