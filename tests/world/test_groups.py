"""Groups of states: who is a member when, and tables of memberships that are refused."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest

from multialign import InputError
from multialign.world import codes
from multialign.world.groups import EDITION, check_groups, group, group_names, groups, is_group, members


def test_the_union_by_date():
    assert members("EU") == tuple(sorted(codes.EU27)) == members("EU27")
    assert set(members("EU", date(2020, 1, 31))) - set(members("EU", date(2020, 2, 1))) == {"GBR"}
    assert set(members("EU", date(2013, 7, 1))) - set(members("EU", date(2013, 6, 30))) == {"HRV"}
    counts = {1957: 0, 1958: 6, 1973: 9, 1981: 10, 1986: 12, 1995: 15, 2005: 25, 2007: 27, 2014: 28, 2021: 27}
    for year, count in counts.items():
        if count:
            assert len(members("EU", date(year, 6, 1))) == count
        else:
            with pytest.raises(InputError, match=r"had no members on 1957-06-01; its first day in the table is 1958"):
                members("EU", date(year, 6, 1))
    # the fixed list is the same at any date
    assert len(members("EU27", date(1960, 1, 1))) == 27


def test_a_date_in_the_name_goes_before_the_one_given():
    assert "GBR" in members("EU@2019-06-30") and "GBR" in members("EU@2019-06-30", date(2024, 1, 1))
    assert is_group("eu @ 2019-06-30")
    with pytest.raises(InputError, match=r"x: '2019-6-31' after EU@ is not a date; write it as 2019-06-30"):
        members("EU@2019-6-31", field="x")


SIZES = (
    "G7 7, G20 19, BRICS 10, ASEAN 11, QUAD 4, EAEU 5, NATO 32, SCO 10, CPTPP 12, RCEP 15, USMCA 3, MERCOSUR 5, GCC 6, "
    "AUKUS 3, EFTA 4, EEA 30, FIVE_EYES 5, OECD 38, OPEC 11, OPEC+ 21, RUSSIA_SANCTIONS 43"
)


@pytest.mark.parametrize("entry", SIZES.split(", "))
def test_sizes_of_today(entry):
    name, size = entry.split()
    assert len(members(name)) == int(size)


def test_who_came_and_went():
    assert set(members("BRICS", date(2023, 12, 31))) == {"BRA", "RUS", "IND", "CHN", "ZAF"}
    assert set(members("BRICS", date(2024, 6, 1))) - set(members("BRICS@2023-12-31")) == {"EGY", "ETH", "IRN", "ARE"}
    assert "TLS" in members("ASEAN") and "TLS" not in members("ASEAN", date(2025, 10, 25))
    assert "IDN" in members("OPEC@2016-06-01") and "IDN" not in members("OPEC@2017-01-01")
    assert len(members("OPEC+")) == 21 and "RUS" in members("OPEC+") and "RUS" not in members("OPEC")
    assert {"USA", "DEU", "JPN", "KOR"} <= set(members("sanctions coalition"))
    assert not {"IND", "CHN", "TUR", "RUS", "UKR"} & set(members("sanctions coalition"))


def test_names_in_any_spelling():
    for name in ("five eyes", "FIVE_EYES", "Five-Eyes", "fvey"):
        assert members(name) == ("AUS", "CAN", "GBR", "NZL", "USA")
    assert group("Européan Ünion").code == "EU" and group("opec +").code == "OPEC+" and group("Opec").code == "OPEC"
    assert not is_group("DEU") and not is_group("")
    with pytest.raises(InputError, match=r"'BRIKS' is not a group of states known here; the nearest known is 'BRICS'"):
        members("BRIKS")
    assert {code for code, g in groups().items() if g.customs_union} == {"EU", "EU27", "EAEU", "GCC", "MERCOSUR"}
    assert group_names()["GCC"] == "Gulf Cooperation Council"


def test_the_page_of_groups_has_them_all():
    page = (Path(__file__).resolve().parents[2] / "docs" / "reference" / "country-groups.md").read_text()
    for code, g in groups().items():
        row = next(line for line in page.splitlines() if line.startswith(f"| `{code}` | {g.name} |"))
        assert ("Customs union" in row) == g.customs_union
    last = max(m.start or m.end for g in groups().values() for m in g.memberships if m.start or m.end)
    ends = [m.end for g in groups().values() for m in g.memberships if m.end]
    assert max(last, max(ends) + timedelta(days=1)) == EDITION


ROW = {"group": "X", "iso3": "FRA", "from": "2000-01-01", "to": ""}
NAME = {"group": "X", "name": "Ex", "aliases": "", "customs_union": "0", "note": ""}


@pytest.mark.parametrize(
    ("names", "rows", "said"),
    [
        ([NAME], [ROW | {"group": "Y"}], r"country_groups.csv:2: group: 'Y' is not a group"),
        ([NAME], [ROW | {"iso3": "FRX"}], r"country_groups.csv:2: iso3: 'FRX' is not a country"),
        ([NAME], [ROW | {"from": "2000"}], r"country_groups.csv:2: from: '2000' is not a date"),
        ([NAME], [ROW | {"to": "1999-12-31"}], r"country_groups.csv:2: to: 1999-12-31 is before 2000-01-01"),
        ([NAME], [ROW, ROW | {"from": "2010-01-01"}], r"country_groups.csv:3: .*FRA is in X twice"),
        ([NAME], [ROW | {"to": "2009-12-31"}, ROW | {"from": "2010-01-01"}], r"FRA is in X twice"),
        ([NAME], [], r"country_group_names.csv:2: group: X has no members"),
        ([NAME | {"customs_union": "yes"}], [ROW], r"customs_union: is 'yes'; right are 0 and 1"),
        ([NAME, NAME | {"group": "Y"}], [ROW, ROW | {"group": "Y"}], r"X and Y share the name 'ex'"),
    ],
)
def test_tables_that_are_refused(names, rows, said):
    with pytest.raises(InputError, match=said):
        check_groups(names, rows, frozenset({"FRA", "DEU"}))
