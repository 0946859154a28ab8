"""Make src/multialign/report/data/world_map.json: the shapes of countries, projected, as SVG paths.

    npm pack world-atlas@2.0.2 && tar xzf world-atlas-2.0.2.tgz
    python scripts/build_map.py package/countries-110m.json

The npm package carries Natural Earth's countries at 1:110 million (public domain) as TopoJSON. They are projected to
Equal Earth (Savric, Patterson & Jenny 2018), so that areas compare, and rounded to whole units of a box 2,000 wide.
"""

from __future__ import annotations

import argparse
import itertools
import json
import math
from pathlib import Path
from typing import Any

OUT = Path(__file__).resolve().parent.parent / "src/multialign/report/data/world_map.json"
WIDTH = 2000
SOUTH = -56.5
"""Latitude at which the map ends: no economy lies south of it."""
NUMERIC = {
    "024": "AGO", "784": "ARE", "032": "ARG", "036": "AUS", "040": "AUT", "056": "BEL", "050": "BGD", "100": "BGR",
    "112": "BLR", "076": "BRA", "096": "BRN", "124": "CAN", "756": "CHE", "152": "CHL", "156": "CHN", "384": "CIV",
    "120": "CMR", "180": "COD", "170": "COL", "188": "CRI", "196": "CYP", "203": "CZE", "276": "DEU", "208": "DNK",
    "818": "EGY", "724": "ESP", "233": "EST", "246": "FIN", "250": "FRA", "826": "GBR", "300": "GRC", "191": "HRV",
    "348": "HUN", "360": "IDN", "356": "IND", "372": "IRL", "352": "ISL", "376": "ISR", "380": "ITA", "400": "JOR",
    "392": "JPN", "398": "KAZ", "116": "KHM", "410": "KOR", "418": "LAO", "440": "LTU", "442": "LUX", "428": "LVA",
    "504": "MAR", "484": "MEX", "104": "MMR", "458": "MYS", "566": "NGA", "528": "NLD", "578": "NOR", "554": "NZL",
    "586": "PAK", "604": "PER", "608": "PHL", "616": "POL", "620": "PRT", "642": "ROU", "643": "RUS", "682": "SAU",
    "686": "SEN", "703": "SVK", "705": "SVN", "752": "SWE", "764": "THA", "788": "TUN", "792": "TUR", "158": "TWN",
    "804": "UKR", "840": "USA", "704": "VNM", "710": "ZAF",
}  # fmt: skip
"""ISO 3166 numeric code -> ISO3, for the countries of the embedded world that have a shape at this scale."""
DOTS = {"HKG": (114.2, 22.3), "MLT": (14.4, 35.9), "SGP": (103.8, 1.35), "STP": (6.7, 0.3)}
"""Longitude and latitude of those that are too small for one."""
CENTRE = 11.1
"""Longitude of the middle: the map is cut in the Bering Strait, through no country."""
A1, A2, A3, A4 = 1.340264, -0.081106, 0.000893, 0.003796


def equal_earth(lon: float, lat: float) -> tuple[float, float]:
    """Equal Earth, on the unit sphere; y grows to the north."""
    t = math.asin(math.sqrt(3) / 2 * math.sin(math.radians(lat)))
    slope = 9 * A4 * t**8 + 7 * A3 * t**6 + 3 * A2 * t**2 + A1
    x = 2 * math.sqrt(3) * math.radians(lon) * math.cos(t) / (3 * slope)
    return x, A4 * t**9 + A3 * t**7 + A2 * t**3 + A1 * t


EDGE, TOP = equal_earth(180, 0)[0], equal_earth(0, 84)[1]
SCALE = WIDTH / (2 * EDGE)


def place(lon: float, lat: float) -> tuple[int, int]:
    """Where a point lies on the map, whole units from its top left."""
    x, y = equal_earth(turned(lon), lat)
    return round((x + EDGE) * SCALE), round((TOP - y) * SCALE)


def turned(lon: float) -> float:
    """Degrees from the middle of the map, within half a turn."""
    return (lon - CENTRE + 180) % 360 - 180


def placed(run: list[tuple[float, float]]) -> list[tuple[int, int]]:
    """A closed line on the map. One that is cut by the map's edge goes on beyond it, rather than across the map."""
    out, before = [], turned(run[0][0])
    for lon, lat in run:
        here = turned(lon)
        before = here + 360 * round((before - here) / 360)
        x, y = equal_earth(before, max(lat, SOUTH))
        point = (round((x + EDGE) * SCALE), round((TOP - y) * SCALE))
        if not out or out[-1] != point:
            out.append(point)
    return out


def arcs_of(topology: dict[str, Any]) -> list[list[tuple[float, float]]]:
    """The arcs as longitudes and latitudes (TopoJSON 1.0, delta-encoded)."""
    (sx, sy), (tx, ty) = topology["transform"]["scale"], topology["transform"]["translate"]
    out = []
    for arc in topology["arcs"]:
        x = y = 0
        points = []
        for dx, dy in arc:
            x, y = x + dx, y + dy
            points.append((x * sx + tx, y * sy + ty))
        out.append(points)
    return out


def rings(geometry: dict[str, Any], arcs: list[list[tuple[float, float]]]) -> list[list[tuple[int, int]]]:
    """The outlines of one country on the map, holes included, without points that fall together."""
    polygons = geometry["arcs"] if geometry["type"] == "MultiPolygon" else [geometry["arcs"]]
    out = []
    for polygon in polygons:
        for ring in polygon:
            line = [point for k in ring for point in (arcs[k] if k >= 0 else arcs[~k][::-1])]
            points = placed(line)
            if len(points) > 3:
                out.append(points)
    return out


def path(outlines: list[list[tuple[int, int]]]) -> str:
    """An SVG path with relative steps."""
    parts = []
    for points in outlines:
        (x, y), steps = points[0], []
        for u, v in points[1:-1]:
            steps.append(f"{u - x} {v - y}")
            x, y = u, v
        parts.append(f"M{points[0][0]} {points[0][1]}l{' '.join(steps).replace(' -', '-')}z")
    return "".join(parts)


def centre(outlines: list[list[tuple[int, int]]]) -> tuple[int, int]:
    """The centroid of the largest outline."""

    def area(points: list[tuple[int, int]]) -> float:
        return sum(a[0] * b[1] - b[0] * a[1] for a, b in itertools.pairwise(points)) / 2

    best = max(outlines, key=lambda p: abs(area(p)))
    size = area(best)
    pairs = list(itertools.pairwise(best))
    x = sum((a[0] + b[0]) * (a[0] * b[1] - b[0] * a[1]) for a, b in pairs) / (6 * size)
    y = sum((a[1] + b[1]) * (a[0] * b[1] - b[0] * a[1]) for a, b in pairs) / (6 * size)
    return round(x), round(y)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("topojson", type=Path)
    parser.add_argument("--out", type=Path, default=OUT)
    args = parser.parse_args()
    topology = json.loads(args.topojson.read_text(encoding="utf-8"))
    arcs = arcs_of(topology)
    shapes, places, others = {}, {}, []
    for geometry in topology["objects"]["countries"]["geometries"]:
        if geometry.get("id") == "010":  # Antarctica
            continue
        outlines = rings(geometry, arcs)
        if not outlines:
            continue
        code = NUMERIC.get(str(geometry.get("id")))
        if code is None:
            others += outlines
        else:
            shapes[code], places[code] = path(outlines), centre(outlines)
    missing = set(NUMERIC.values()) - set(shapes)
    if missing:
        raise SystemExit(f"no shape for {', '.join(sorted(missing))}")
    made = {
        "source": "Natural Earth, 1:110 million, public domain; as carried by npm world-atlas 2.0.2",
        "projection": "Equal Earth",
        "width": WIDTH,
        "height": place(0, SOUTH)[1] + 4,
        "shapes": dict(sorted(shapes.items())),
        "others": path(others),
        "places": {k: list(v) for k, v in sorted((places | {k: place(*v) for k, v in DOTS.items()}).items())},
        "dots": sorted(DOTS),
    }
    args.out.parent.mkdir(parents=True, exist_ok=True)
    args.out.write_text(json.dumps(made, separators=(",", ":")) + "\n", encoding="utf-8")
    print(f"{args.out.name}: {args.out.stat().st_size / 1000:.0f} kB, {len(shapes)} shapes, {len(DOTS)} dots")


if __name__ == "__main__":
    main()
