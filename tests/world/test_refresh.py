"""`multialign world add`: the publishers' own layouts go in whole, with provenance; all else is refused by name."""

import csv
import json

import numpy as np
import pytest

from multialign.errors import InputError
from multialign.ties import crude_paid, crude_path, dependence, ties
from multialign.ties.actors import actor
from multialign.world import codes, load_world, panels
from multialign.world.refresh import add, data_home, entries, own_world, remove, store

NUMERIC = {"IND": 699, "RUS": 643, "USA": 842, "CHN": 156, "IRQ": 368, "DEU": 276, "TWN": 490}


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch):
    monkeypatch.setenv("MULTIALIGN_DATA", str(tmp_path / "own"))
    return tmp_path / "own"


def country_table(folder):
    with (folder / "country_codes_V202701.csv").open("w", newline="") as handle:
        out = csv.writer(handle)
        out.writerow(["country_code", "country_name", "country_iso2", "country_iso3"])
        known = {**{c: 1000 + k for k, c in enumerate(codes.countries())}, **NUMERIC}
        for iso3, number in known.items():
            if iso3 not in ("ROW", "TWN"):
                out.writerow([number, iso3, iso3[:2], iso3])
        out.writerow([490, "Other Asia, nes", "", "S19"])


def baci(folder, year=2025, rows=None, extra=1200):
    country_table(folder)
    path = folder / f"BACI_HS92_Y{year}_V202701.csv"
    given = rows or [
        (year, 643, 699, 270900, 60_000_000.0, 100_000_000.0),  # 60 billion USD, 100 Mt: 81.9 USD a barrel
        (year, 368, 699, 270900, 30_000_000.0, "NA"),
        (year, 643, 699, 271000, 5_000_000.0, 9_000_000.0),
        (year, 842, 699, 880240, 2_000_000.0, 100.0),
        (year, 490, 699, 854200, 7_000_000.0, 1_000.0),
        (year, 643, 699, 10190, 1_000.0, 1.0),  # a chapter below 10, its zero lost
    ]
    with path.open("w", newline="") as handle:
        out = csv.writer(handle)
        out.writerow(["t", "i", "j", "k", "v", "q"])
        out.writerows(given)
        out.writerows([(year, 276, 156, 940000 + k % 99, 10.0, 1.0) for k in range(extra)])
    return path


def test_baci_goes_in_and_is_read_first(tmp_path, home):
    assert entries() == () and panels.ENERGY_YEARS == (2010, 2024)
    entry = add("baci", baci(tmp_path))
    assert entry.years == (2025, 2025) and entry.edition == "BACI HS92, V202701" and len(entry.source_sha256) == 64
    assert entries() == (entry,)
    assert panels.ENERGY_YEARS == (2010, 2025)
    paid = crude_paid("IND")
    assert paid.year == 2025 and "your data for 2025 (BACI HS92, V202701)" in paid.source
    assert paid.origin("RUS").price == pytest.approx(60e9 / 100e6 / 7.33, rel=1e-5)
    assert paid.origin("RUS").share_of_value == pytest.approx(2 / 3)
    assert paid.origin("IRQ").price is None  # its weight is not recorded
    path = crude_path("IND", "RUS")
    assert [y.year for y in path.years][-2:] == [2024, 2025]
    energy = ties("IND", with_=["RUS"]).tie("RUS", "energy")
    assert energy.period == "2025" and "your data" in energy.source
    trade = ties("IND", with_=["RUS"]).tie("RUS", "trade")
    assert any("your data for 2025" in n for n in trade.notes)
    part = next(p for p in trade.parts if p.name == "goods by customs")
    assert part.imports == pytest.approx(60_000 + 5_000 + 1) and part.status == "observed" and not part.in_total
    chips = ties("IND", with_=["TWN"]).tie("TWN", "technology")
    assert next(p for p in chips.parts if p.name.startswith("electrical")).imports == pytest.approx(7_000)
    assert remove("baci_2025.parquet") == entry
    assert entries() == () and panels.ENERGY_YEARS == (2010, 2024) and crude_paid("IND").year == 2024


def test_a_year_of_ones_own_stands_in_for_the_embedded_one(tmp_path):
    before = crude_paid("IND", 2023).value
    add("baci", baci(tmp_path, 2023))
    assert crude_paid("IND", 2023).value == pytest.approx(90_000) != before
    assert crude_paid("IND", 2022).value > 100_000
    assert panels.ENERGY_YEARS == (2010, 2024)


def test_a_gap_is_not_bridged(tmp_path):
    entry = add("baci", baci(tmp_path, 2027))
    assert "not read before 2025, 2026" in entry.checks[-1] and "your data" not in panels.source_of("energy")
    assert panels.ENERGY_YEARS == (2010, 2024)
    assert crude_paid("IND").year == 2024


@pytest.mark.parametrize(
    ("write", "message"),
    [
        (lambda f: (f / "x.csv").write_text(""), "is empty"),
        (lambda f: (f / "x.csv").write_text("year,exporter\n2020,1\n"), r"x\.csv:1: begins with .*t,i,j,k,v,q"),
        (lambda f: (f / "x.csv").write_text("t,i,j,k,v,q\n2020,643,699,270900,1,1\n"), "has 1 flows"),
        (lambda f: (f / "x.csv").write_text("t,i,j,k,v,q\n2020,643,699,270900,many,1\n"), r"x\.csv:2: .*'many'"),
        (lambda f: (f / "x.csv").write_text("t,i,j,k,v,q\n2020,643,699,oil,5,1\n"), r"x\.csv:2: .*'000oil'"),
        (lambda f: (f / "x.csv").mkdir(), "is a folder"),
        (lambda f: None, "no such file"),
    ],
)
def test_a_wrong_baci_file_is_refused_and_nothing_kept(tmp_path, home, write, message):
    country_table(tmp_path)
    write(tmp_path)
    with pytest.raises(InputError, match=message):
        add("baci", tmp_path / "x.csv")
    assert not home.exists() or not list(home.iterdir())


def test_baci_needs_its_country_table(tmp_path):
    path = baci(tmp_path)
    (tmp_path / "country_codes_V202701.csv").unlink()
    with pytest.raises(InputError, match="country_codes"):
        add("baci", path)
    other = tmp_path / "else"
    other.mkdir()
    country_table(other)
    assert add("baci", path, country_codes=other / "country_codes_V202701.csv").kind == "baci"


def test_baci_with_an_unlisted_country_or_two_years(tmp_path):
    rows = [(2025, 999, 699, 270900, 1.0, 1.0)]
    with pytest.raises(InputError, match="999"):
        add("baci", baci(tmp_path, rows=rows))
    rows = [(2024, 643, 699, 270900, 1.0, 1.0)]
    with pytest.raises(InputError, match="one year"):
        add("baci", baci(tmp_path, rows=rows))


def votes(path, header="ccode,session,IdealPointAll,iso3c,Countryname", session=80, shift=0.0):
    lines = [header]
    for k, c in enumerate(codes.countries()):
        if c != "ROW":
            lines += [
                f"{k},{session},{shift + k / 40 - 1:.4f},{c},name",
                f"{k},{session - 1},{k / 40 - 1:.4f},{c},name",
            ]
    path.write_text("\n".join(lines) + "\n")
    return path


def test_votes_by_session_stand_in_for_the_embedded_ones(tmp_path):
    embedded = ties("IND", with_=["USA"]).tie("USA", "diplomacy")
    entry = add("votes", votes(tmp_path / "IdealpointestimatesAll_Jun2027.csv"))
    assert entry.years == (2024, 2025)  # session 80 began in 2025
    tie = ties("IND", with_=["USA"]).tie("USA", "diplomacy")
    place = list(codes.countries())
    assert tie.period == "2025" and "IdealpointestimatesAll_Jun2027" in tie.source
    assert tie.distance == pytest.approx(abs(place.index("IND") - place.index("USA")) / 40, abs=1e-3)
    assert tie.distance != embedded.distance


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("country,when,point\nIND,2020,1\n", "has no column 'session'"),
        ("iso3c,session,IdealPointAll\nIND,80,high\n", r":2: IdealPointAll: found 'high'"),
        ("iso3c,session,IdealPointAll\nIND,80,1.0\n", "1 known states"),
        ("\x00\x01", "is not text"),
    ],
)
def test_wrong_votes(tmp_path, text, message):
    path = tmp_path / "v.csv"
    path.write_text(text)
    with pytest.raises(InputError, match=message):
        add("votes", path)
    assert entries() == ()


REGISTER = (
    "SIPRI AT Database ID,Supplier,Recipient,Designation,Description,Armament category,Order date,"
    "Order date is estimate,Numbers delivered,Numbers delivered is estimate,Delivery year,Delivery year is estimate,"
    "Status,SIPRI estimate,TIV deal unit,TIV delivery values,Local production;"
)


def register(path, rows):
    lines = ["SIPRI Arms Transfers Database"] * 11 + [REGISTER]
    for supplier, recipient, year, tiv in rows:
        lines.append(f"1,{supplier},{recipient},x,y,Aircraft,{year - 2},No,4,No,{year},No,New,5,5,{tiv},No")
    path.write_text("\n".join(lines) + "\n", encoding="cp1252")
    return path


def test_the_trade_register_becomes_windows(tmp_path):
    rows = [("Russia", "India", y, 100) for y in range(2016, 2026)]
    rows += [("France", "India", y, 300) for y in range(2021, 2026)]
    rows += [("Türkiye", "India", 2025, 10), ("Libya HoR*", "India", 2025, 5), ("Russia", "African Union**", 2025, 50)]
    entry = add("arms", register(tmp_path / "trade-register.csv", rows))
    assert entry.years == (2016, 2025)
    assert "1 recipients outside" in entry.checks[1] and "African Union" in entry.checks[1]
    tie = ties("IND", with_=["RUS"]).tie("RUS", "arms")
    assert [p.period for p in tie.trend] == ["2016-2020", "2021-2025"]
    assert tie.imports == 500 and tie.share_of_imports == pytest.approx(500 / (500 + 1500 + 15))
    assert "trade register to 2025" in tie.source
    assert ties("IND", with_=["TUR"]).tie("TUR", "arms").imports == 10


def test_wrong_registers(tmp_path):
    path = tmp_path / "r.csv"
    path.write_text("Supplier,Recipient,Year(s) of delivery\nRussia,India,2020\n")
    with pytest.raises(InputError, match="has no column 'Delivery year'"):
        add("arms", path)
    with pytest.raises(InputError, match="a window is 5 years"):
        add("arms", register(path, [("Russia", "India", 2025, 1)]))
    with pytest.raises(InputError, match="Delivery year: found 'soon'"):
        path.write_text("Supplier,Recipient,Delivery year,TIV delivery values\nRussia,India,soon,1\n")
        add("arms", path)


def test_a_long_table_of_tariffs(tmp_path):
    before = ties("IND", with_=["USA"]).tariffs[1]
    assert (before.importer, before.exporter, before.status) == ("USA", "IND", "estimated")
    path = tmp_path / "tariffs.csv"
    path.write_text("importer,exporter,year,rate_pct\nUSA,IND,2026,50\nUSA,IND,2025,25\nIND,EU27,2026,10\n")
    entry = add("tariffs", path, source="my ministry")
    assert entry.source == "my ministry" and entry.years == (2025, 2026)
    after = ties("IND", with_=["USA"]).tariffs[1]
    assert after.weighted == pytest.approx(50) and after.year == 2026 and "my ministry" in after.source
    assert ties("IND", with_=["DEU"]).tariffs[0].weighted == pytest.approx(10)
    path.write_text("importer,exporter,sector,year,rate_pct\nUSA,IND,goods,2026,10\nUSA,IND,C21,2026,0\n")
    add("tariffs", path)
    assert 5 < ties("IND", with_=["USA"]).tariffs[1].weighted < 10  # medicines are a large part of what India sells


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("importer,exporter,rate_pct\nUSA,IND,1\n", "has no column 'year'"),
        ("importer,exporter,year,rate_pct\nUSA,INX,2026,1\n", r":2: exporter: 'INX' is not a country"),
        ("importer,exporter,year,rate_pct\nUSA,IND,2026,-5\n", r":2: rate_pct: found -5"),
        (
            "importer,exporter,year,rate_pct\nUSA,IND,2026,1\nUSA,IND,2026,2\n",
            r":3: USA, IND, goods, 2026 stands twice",
        ),
        ("importer,exporter,sector,year,rate_pct\nUSA,IND,C99,2026,1\n", "'C99' is not an industry"),
        ("importer,exporter,year,rate_pct\nUSA,IND,next,1\n", "found 'next'"),
    ],
)
def test_wrong_tariffs(tmp_path, text, message):
    path = tmp_path / "t.csv"
    path.write_text(text)
    with pytest.raises(InputError, match=message):
        add("tariffs", path)


def icio(path, countries, sectors, scale):
    nodes = [f"{c}_{s}" for c in countries for s in sectors]
    final = [f"{c}_HFCE" for c in countries]
    rng = np.random.default_rng(1)
    with path.open("w", newline="") as handle:
        out = csv.writer(handle)
        out.writerow(["V1", *nodes, *final, "OUT"])
        sums = np.zeros(len(nodes))
        for n in nodes:
            row = rng.uniform(1, 2, len(nodes)) * scale
            last = rng.uniform(1, 2, len(final)) * scale * 40
            sums += row
            out.writerow([n, *(f"{v:.4f}" for v in (*row, *last, row.sum() + last.sum()))])
        out.writerow(["TLS", *["0"] * (len(nodes) + len(final)), "0"])
        out.writerow(["VA", *["10"] * len(nodes), *["0"] * len(final), "0"])
        out.writerow(["OUT", *(f"{v + 10:.4f}" for v in sums), *["0"] * len(final), "0"])


def test_another_year_of_input_output_gives_trade_a_trend(tmp_path):
    pytest.importorskip("multialign.world.readers")
    countries, sectors = [c for c in codes.countries() if c != "CIV"], ["A01", "C26", "C28"]
    path = tmp_path / "2018.csv"
    icio(path, countries, sectors, 1000.0)
    entry = add("icio", path, year=2018)
    assert entry.years == (2018, 2018) and entry.kind == "icio"
    tie = ties("IND", with_=["USA"]).tie("USA", "trade")
    assert [p.period for p in tie.trend] == ["2018", "2022"]
    assert tie.imports == pytest.approx(tie.trend[-1].value) and any("your data for 2018" in n for n in tie.notes)
    world = load_world()
    assert tie.trend[-1].value == pytest.approx(float(world.trade.sel(importer="IND", exporter="USA").sum()))
    bad = tmp_path / "few.csv"
    icio(bad, ["AAA", "IND"], ["C26"], 1.0)
    with pytest.raises(InputError, match="of the embedded states"):
        add("icio", bad, year=2019)


def test_a_later_input_output_year_becomes_the_world(tmp_path):
    countries, sectors = [c for c in codes.countries() if c != "CIV"], ["A01", "B06", "C26"]
    path = tmp_path / "2023.csv"
    icio(path, countries, sectors, 1000.0)
    entry = add("icio", path, year=2023)
    assert entry.file == "icio_2023.nc" and (data_home() / entry.file).is_file()
    world = own_world()
    assert world.data.attrs["year"] == 2023 and world is own_world() and world is not load_world()
    assert world.accounts().worst.relative < 1e-6
    embedded, k, there = load_world(), world.sectors.index("C26"), load_world().sectors.index("C26")
    n, i = "USA", "CHN"
    rate = world.array("tariff")[world.countries.index(n), world.countries.index(i), k]
    assert rate == embedded.array("tariff")[embedded.countries.index(n), embedded.countries.index(i), there] > 0
    tie = ties("IND", with_=["USA"]).tie("USA", "trade")
    assert tie.year == 2023 and tie.source == "OECD ICIO, 2023"
    assert tie.imports == pytest.approx(float(world.trade.sel(importer="IND", exporter="USA").sum()))
    assert ties("IND", with_=["USA"], world=load_world()).tie("USA", "trade").year == 2022
    lost = dependence("IND", "USA")
    assert lost.loss_pct > 0 and lost.loss_pct != dependence("IND", "USA", load_world()).loss_pct
    with pytest.raises(InputError, match="'CIV' is not in the world"):
        dependence("CIV", "USA")
    remove(entry.file)
    assert own_world() is load_world()


def test_tariffs_of_ones_own_are_in_the_world_that_is_solved(tmp_path):
    path = tmp_path / "t.csv"
    path.write_text("importer,exporter,year,rate_pct\nUSA,IND,2026,50\n")
    add("tariffs", path, source="my desk")
    world, embedded = own_world(), load_world()
    n, i = world.countries.index("USA"), world.countries.index("IND")
    goods = [k for k, s in enumerate(world.sectors) if s in codes.industry_group("goods")]
    assert (world.array("tariff")[n, i, goods] == 0.5).all() and "my desk" in world.name
    same = np.ones(world.array("tariff").shape, dtype=bool)
    same[n, i, goods] = False
    assert (world.array("tariff") == embedded.array("tariff"))[same].all()
    assert world.accounts().worst.relative < 1e-9  # balanced anew
    assert np.allclose(world.trade, embedded.trade)
    # Cutting a tie that is taxed already costs India less of its income from it.
    assert dependence("IND", "USA", cut="sales").loss_pct != dependence("IND", "USA", embedded, cut="sales").loss_pct
    assert ties("IND", with_=["USA"]).tariffs[1].weighted == pytest.approx(50)


def test_groups_in_a_table_of_tariffs(tmp_path):
    path = tmp_path / "t.csv"
    path.write_text(
        "importer,exporter,year,rate_pct\nG7,RUS,2026,35\nUSA,RUS,2026,70\nEU27,RUS,2026,40\nIND,brics,2025,3\n"
    )
    with pytest.raises(InputError, match="DEU, RUS, goods, 2026 stands twice"):
        add("tariffs", path)  # Germany is in both groups, at two rates
    path.write_text("importer,exporter,year,rate_pct\nUSA,RUS,2026,70\nG7,RUS,2026,35\nIND,brics,2025,3\n")
    add("tariffs", path)
    found = {t.importer: t for t in ties("RUS", with_=["USA", "JPN", "IND"]).tariffs}
    assert found["USA"].weighted == pytest.approx(70)  # a line that names the state goes before its group
    assert found["JPN"].weighted == pytest.approx(35)
    assert (found["IND"].weighted, found["IND"].year) == (pytest.approx(3), 2025)
    assert found["RUS"].status == "estimated"  # what Russia levies is not in the table
    path.write_text("importer,exporter,year,rate_pct\nG77,RUS,2026,35\n")
    with pytest.raises(InputError, match=r":2: importer: 'G77' .*nearest known is 'G7'"):
        add("tariffs", path)


def test_unknown_kinds_and_broken_folders(tmp_path, home):
    with pytest.raises(InputError, match="nearest known is 'votes'"):
        add("vote", tmp_path / "x.csv")
    with pytest.raises(InputError, match="nothing"):
        remove("votes.csv")
    add("votes", votes(tmp_path / "v.csv"))
    (home / "votes.csv").unlink()
    with pytest.raises(InputError, match="not in the folder"):
        panels.ideal_points()
    (home / store.MANIFEST).write_text("{}")
    with pytest.raises(InputError, match="not a manifest"):
        entries()


def test_a_failed_write_leaves_the_folder_as_it_was(tmp_path, home, monkeypatch):
    add("votes", votes(tmp_path / "v.csv"))
    before = {p.name: p.read_bytes() for p in home.iterdir()}

    def broken(*a, **k):
        raise OSError(28, "No space left on device")

    import pandas as pd

    monkeypatch.setattr(pd.DataFrame, "to_csv", broken)
    with pytest.raises(InputError, match="No space left"):
        add("votes", votes(tmp_path / "w.csv", shift=0.5))
    assert {p.name: p.read_bytes() for p in home.iterdir()} == before


def test_the_folder(monkeypatch, tmp_path):
    monkeypatch.delenv("MULTIALIGN_DATA")
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "xdg"))
    store._system_home.cache_clear()
    try:
        assert data_home().name == "multialign"
    finally:
        store._system_home.cache_clear()
    monkeypatch.setenv("MULTIALIGN_DATA", str(tmp_path / "own"))
    add("votes", votes(tmp_path / "v.csv"))
    data = json.loads((tmp_path / "own" / "manifest.json").read_text())
    assert data["version"] == 1 and data["entries"][0]["source_file"] == "v.csv"
    assert actor("IND").code == "IND"
