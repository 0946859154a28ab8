"""Where results that can be made again are kept: $MULTIALIGN_CACHE, or the system's own place for such; ``off`` for
nowhere."""

from __future__ import annotations

import os
from pathlib import Path


def user_cache() -> Path | None:
    """The folder, which need not exist yet; None where nothing is to be kept."""
    import platformdirs

    given = os.environ.get("MULTIALIGN_CACHE", "")
    if given.lower() == "off":
        return None
    return Path(given) if given else Path(platformdirs.user_cache_dir("multialign"))
