"""`python -m multialign.sweep.drill`: the same as `multialign drill`."""

import sys

from multialign.cli import main

if __name__ == "__main__":
    sys.argv.insert(1, "drill")
    main()
