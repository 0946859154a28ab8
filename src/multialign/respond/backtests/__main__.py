"""``python -m multialign.respond.backtests NAME``: the result as JSON."""

import json
import sys

from multialign.errors import MultialignError
from multialign.respond.backtests import NAMES, run

if __name__ == "__main__":
    try:
        for name in sys.argv[1:] or NAMES:
            print(json.dumps(run(name).to_dict(), indent=1, allow_nan=False))
    except MultialignError as error:
        print(f"error: {error}", file=sys.stderr)
        sys.exit(error.exit_code)
