"""The public interface changes only when somebody says so, and the reference says what the code does."""

from __future__ import annotations

import importlib.util
import warnings
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="module")
def pages():
    spec = importlib.util.spec_from_file_location("make_docs", ROOT / "scripts" / "make_docs.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.made()


def test_the_public_names_are_those_of_the_list(pages):
    page = ROOT / "docs" / "reference" / "api.md"
    said, found = page.read_text(encoding="utf-8").splitlines(), pages[page].splitlines()
    gone, new = [x for x in said if x not in found], [x for x in found if x not in said]
    assert (gone, new) == ([], []), "say what has changed in CHANGELOG.md and run scripts/make_docs.py"
    assert said == found


def test_the_commands_are_those_of_the_reference(pages):
    page = ROOT / "docs" / "reference" / "cli.md"
    assert page.read_text(encoding="utf-8") == pages[page], "run scripts/make_docs.py"


def test_deprecated_names_warn_and_work():
    from multialign._deprecate import deprecated, renamed

    @deprecated("0.3", instead="new")
    def old(x: int) -> int:
        """Twice x."""
        return 2 * x

    with pytest.warns(DeprecationWarning, match=r"old is deprecated since 0\.3 and goes in 1\.0; use new") as seen:
        assert old(4) == 8
    assert seen[0].filename == __file__  # the caller's line is named, not ours
    assert old.__name__ == "old" and old.__doc__.startswith("Twice x.") and "Deprecated since 0.3" in old.__doc__

    @renamed("0.3", colour="color")
    def paint(*, color: str) -> str:
        return color

    with pytest.warns(
        DeprecationWarning, match=r"paint: 'colour' is deprecated since 0\.3 and goes in 1\.0; use 'color'"
    ):
        assert paint(colour="red") == "red"
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert paint(color="red") == "red"
    with pytest.raises(TypeError, match="both"):
        paint(color="red", colour="blue")
