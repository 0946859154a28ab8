"""Scenario files: what is read, and what is refused with which words."""

from __future__ import annotations

from pathlib import Path

import jsonschema
import pytest
import yaml

from multialign import InputError
from multialign.trade import load_scenario, scenario_schema, solve_file
from multialign.trade.scenario import parse_scenario

EXAMPLES = Path(__file__).resolve().parent.parent.parent / "examples" / "scenarios"

GOOD = """\
name: test
instruments:
  - kind: tariff
    importers: [USA]
    exporters: [IND]
    rate: 0.25
"""


@pytest.mark.parametrize("path", sorted(EXAMPLES.glob("*.yaml")), ids=lambda p: p.stem)
def test_examples_follow_the_schema_and_solve(path):
    jsonschema.validate(yaml.safe_load(path.read_text()), scenario_schema())
    result = solve_file(path)
    assert max(result.residuals.values()) < 1e-9
    assert result.welfare_pct.abs().max() > 0


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("rate: 0.25", "rat: 0.25", r"bad.yaml:\d+: instruments\[0\].rat.*nearest is 'rate'"),
        ("rate: 0.25", "rate: lots", r"bad.yaml:6: instruments\[0\].rate: found 'lots'"),
        ("rate: 0.25", "rate: -2", r"bad.yaml:6: instruments\[0\].rate: found -2"),
        ("kind: tariff", "kind: tarif", r"bad.yaml:3: .*kind is 'tarif'; the nearest is 'tariff'"),
        (
            "[IND]",
            "[INX]",
            r"bad.yaml:5: instruments\[0\].exporters: 'INX' is not a country.*'IND' \(India\)",
        ),
        ("rate: 0.25", "rate: 0.25\n    industries: [C99]", r"bad.yaml:7: .*'C99' is not an industry"),
        ("rate: 0.25", "rate: 0.25\n    industries: [enery]", r"nearest known is 'energy'"),
        (
            "name: test",
            "name: test\nelasticities: {C19: -3}",
            r"elasticity of C19 is -3; .* greater than zero",
        ),
        (
            "name: test",
            "name: test\nelasticities: CPP",
            r"'CPP' is not an elasticity set.*nearest known is 'CP'",
        ),
        ("name: test", "nam: test", r"nearest is 'name'"),
        ("[USA]", "[IND]", r"touches no flow"),
        ("name: test", "name: [", r"not valid YAML"),
        ("name: test", "name: &a x\ndescription: *a", r"aliases"),
    ],
)
def test_refused_with_place_and_hint(tmp_path, old, new, said):
    path = tmp_path / "bad.yaml"
    path.write_text(GOOD.replace(old, new))
    with pytest.raises(InputError, match=said):
        solve_file(path)


@pytest.mark.parametrize("text", ["", "just words", "- a\n- b", "!!python/object/apply:os.system [ls]"])
def test_not_a_scenario(text):
    with pytest.raises(InputError):
        parse_scenario(text, "x.yaml")


def test_missing_file(tmp_path):
    with pytest.raises(InputError, match="no such file"):
        load_scenario(tmp_path / "none.yaml")
