import importlib.util
import sqlite3
import sys
import zipfile
from pathlib import Path

import pytest

from multialign.errors import InputError
from multialign.world import codes, panels

ROOT = Path(__file__).resolve().parents[2]
SCRIPT = ROOT / "scripts" / "build_panels.py"
BARRELS = 7.33


def price(rows):
    return rows["value_weighed"].sum() * 1e6 / rows["tonnes"].sum() / BARRELS


@pytest.fixture(scope="module")
def indian_crude():
    table = panels.energy()
    return table[(table["importer"] == "IND") & (table["product"] == "crude")]


@pytest.mark.parametrize(
    ("year", "russian", "everyone", "others", "share"),
    [(2022, 94.1, 97.1, 97.6, 14.8), (2023, 74.6, 81.2, 85.2, 34.7), (2024, 78.2, 79.8, 80.8, 37.2)],
)
def test_indian_crude_matches_published_figures(indian_crude, year, russian, everyone, others, share):
    rows = indian_crude[indian_crude["year"] == year]
    of_russia = rows["exporter"] == "RUS"
    assert price(rows[of_russia]) == pytest.approx(russian, abs=0.05)
    assert price(rows) == pytest.approx(everyone, abs=0.05)
    assert price(rows[~of_russia]) == pytest.approx(others, abs=0.05)
    assert 100 * rows.loc[of_russia, "value"].sum() / rows["value"].sum() == pytest.approx(share, abs=0.05)


def test_energy_codes_units_and_coverage():
    table = panels.energy()
    assert set(table["importer"]) | set(table["exporter"]) <= set(codes.countries())
    assert {"TWN", "ROW", "BEL", "FRA", "NOR", "CHE", "USA"} <= set(table["importer"])
    assert set(table["product"]) == set(panels.PRODUCTS)
    assert (int(table["year"].min()), int(table["year"].max())) == panels.ENERGY_YEARS
    assert not table.duplicated(["year", "importer", "exporter", "product"]).any()
    assert (table["value"] > 0).all() and (table["tonnes"] >= 0).all()
    assert (table["value_weighed"] <= table["value"] * (1 + 1e-6)).all()
    own = table[table["importer"] == table["exporter"]]
    assert set(own["importer"]) == {"ROW"}


def test_crude_names_every_state_and_sums_to_energy():
    table, energy = panels.crude(), panels.energy()
    assert {"IRQ", "KWT", "VEN", "IRN"} <= set(table["exporter"]) <= {*panels.crude_states(), "ROW"}
    assert not table.duplicated(["year", "importer", "exporter"]).any()
    whole = energy[energy["product"] == "crude"].groupby("year")["value"].sum()
    assert table.groupby("year")["value"].sum().to_numpy() == pytest.approx(whole.to_numpy(), rel=1e-5)
    assert panels.crude_states()["IRQ"] == "Iraq" and panels.crude_states()["BLM"] == "Saint Barthélemy"


def test_what_ships_is_small():
    files = (ROOT / "src" / "multialign" / "world" / "data").iterdir()
    assert sum(f.stat().st_size for f in files) < 8_000_000


def test_energy_is_compact():
    assert panels.panels_manifest()["energy.parquet"]["bytes"] < 1_500_000


def test_loaders_hand_out_copies():
    first = panels.energy()
    first.loc[:, "value"] = -1.0
    assert (panels.energy()["value"] > 0).all()


def test_ideal_points():
    table = panels.ideal_points()
    assert (table["year"].min(), table["year"].max()) == (1990, 2024)
    latest = table[table["year"] == 2024].set_index("country")["ideal_point"]
    assert latest.idxmax() == "USA"
    assert latest["FRA"] > latest["IND"] > latest["CHN"]


def test_russian_share_of_indian_arms_falls():
    table = panels.arms()
    india = table[table["recipient"] == "IND"].pivot_table(index="supplier", columns="window", values="tiv")
    share = india.loc["RUS"] / india.sum()
    assert share["2010-2014"] > 0.7 > share["2015-2019"] > 0.5 > share["2020-2024"] > 0.3


def test_tariffs_brent_and_elasticities():
    tariffs = panels.us_effective_tariffs()
    assert set(tariffs["country"]) <= {*codes.countries(), "EU27"}
    india = tariffs[tariffs["country"] == "IND"].set_index("month")["effective_tariff_pct"]
    assert india["2025-08"] == india.max() == pytest.approx(43.03)
    assert panels.brent_by_year()[2022] == pytest.approx(100.8, abs=0.05)
    assert max(panels.brent_by_year()) == 2025  # 2026 is not a whole year
    sets = panels.elasticity_sets()
    assert list(sets.index) == list(codes.industries())
    assert (sets > 0).all().all() and sets.shape == (50, 8)
    assert sets.loc["K", "FGO"] == sets.loc["P", "FGO"] == 8.35


def test_manifest_covers_every_file_and_checksums_hold():
    manifest = panels.panels_manifest()
    assert set(manifest) == {
        "energy.parquet",
        "crude.parquet",
        "crude_states.csv",
        "crude_embargoes.csv",
        "crude_elasticity.json",
        "un_ideal_points.csv",
        "arms_transfers_5yr.csv",
        "us_effective_tariffs.csv",
        "brent_monthly.csv",
        "trade_elasticities.csv",
    }
    for entry in manifest.values():
        assert all(entry[k] for k in ("content", "source", "edition", "licence", "citation", "sha256"))
    assert manifest["energy.parquet"]["licence"] == "Etalab Open Licence 2.0"
    panels.check_panels()


def test_check_panels_names_a_changed_file(monkeypatch):
    changed = {"brent_monthly.csv": {"sha256": "0" * 64}}
    monkeypatch.setattr(panels, "panels_manifest", lambda: changed)
    with pytest.raises(InputError, match=r"brent_monthly\.csv"):
        panels.check_panels()


@pytest.fixture(scope="module")
def build():
    spec = importlib.util.spec_from_file_location("build_panels", SCRIPT)
    module = importlib.util.module_from_spec(spec)
    sys.modules["build_panels"] = module
    spec.loader.exec_module(module)
    yield module
    del sys.modules["build_panels"]


def small_database(path, flows):
    rows = [(str(100000 + n), f"country {c}", c, c) for n, c in enumerate(codes.countries()) if c not in ("ROW", "TWN")]
    rows += [
        ("490", "Other Asia, nes", "", "S19"),
        ("12", "Algeria", "DZ", "DZA"),
        ("56", "Belgium", "BE", "BEL"),
    ]
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE baci_trade (t TEXT, i TEXT, j TEXT, k INTEGER, v TEXT, q TEXT)")
        connection.execute(
            "CREATE TABLE country_codes_V202401b "
            "(country_code TEXT, country_name TEXT, country_iso2 TEXT, country_iso3 TEXT)"
        )
        connection.executemany("INSERT INTO country_codes_V202401b VALUES (?, ?, ?, ?)", rows)
        connection.executemany("INSERT INTO baci_trade VALUES (?, ?, ?, ?, ?, ?)", flows)
    connection.close()


def test_build_sums_codes_and_keeps_weighed_value_apart(build, tmp_path):
    database = tmp_path / "baci.db"
    small_database(
        database,
        [
            ("2020", "12", "490", 270900, " 2000.0", " 50"),  # Algeria, not embedded, to Taiwan
            ("2020", "12", "490", 271111, "1000", "           NA"),
            ("2020", "490", "56", 270111, "500", "10"),
            ("2020", "490", "56", 270210, "300", "NA"),
            ("2009", "12", "56", 270900, "1", "1"),
            ("2020", "12", "56", 260300, "1", "1"),
        ],
    )
    flows, names = build.read_flows(database)
    table = build.panel(flows).set_index("product")
    assert set(table.index) == {"crude", "lng", "coal"}
    assert tuple(table.loc["crude", ["importer", "exporter", "value", "tonnes"]]) == ("TWN", "ROW", 2.0, 50.0)
    assert table.loc["lng", "value"] == 1.0 and table.loc["lng", "tonnes"] == 0
    assert table.loc["coal", "importer"] == "BEL"
    assert table.loc["coal", "value"] == pytest.approx(0.8)
    assert table.loc["coal", "value_weighed"] == pytest.approx(0.5)
    crude = build.crude_panel(flows)
    assert crude[["importer", "exporter"]].to_numpy().tolist() == [["TWN", "DZA"]]  # every state apart
    assert names == {"DZA": "Algeria"}


def test_build_reads_a_wheel_and_refuses_others(build, tmp_path):
    small_database(tmp_path / "baci.db", [("2020", "12", "56", 270900, "1", "1")])
    wheel = tmp_path / "x.whl"
    with zipfile.ZipFile(wheel, "w") as archive:
        archive.write(tmp_path / "baci.db", build.MEMBER)
    (tmp_path / "out").mkdir()
    database, _ = build.open_baci(wheel, tmp_path / "out")
    assert len(build.read_flows(database)[0]) == 1
    empty = tmp_path / "empty.whl"
    with zipfile.ZipFile(empty, "w") as archive:
        archive.writestr("x", "y")
    with pytest.raises(InputError, match="no member"):
        build.open_baci(empty, tmp_path)
    text = tmp_path / "text.db"
    text.write_text("not a database, but long enough to be looked at as one by the reader")
    with pytest.raises(InputError, match="SQLite"):
        build.read_flows(text)
    with pytest.raises(InputError, match="no such file"):
        build.open_baci(tmp_path / "absent.whl", tmp_path)


def test_build_refuses_an_unlisted_country_code(build, tmp_path):
    small_database(tmp_path / "baci.db", [("2020", "998", "56", 270900, "1", "1")])
    with pytest.raises(InputError, match="998"):
        build.read_flows(tmp_path / "baci.db")
