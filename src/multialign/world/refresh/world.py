"""The user's own World: the embedded one with the input-output year and the tariffs that the user has added."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from multialign.errors import InputError
from multialign.world.refresh.rates import own_rates
from multialign.world.refresh.store import Entry, data_home, edition, entries

if TYPE_CHECKING:
    from multialign.world.model import World

RATES_YEAR = 2021
"""Year of the embedded World's tariffs."""

_kept: dict[str, World] = {}


def own_world() -> World:
    """The World that the engine and the ties use: the user's latest input-output year where it is later than the
    embedded one, with the user's tariffs over the embedded ones; the embedded World where neither was added.

    Made once for each state of the data folder. Raises InputError for a file of the folder that is missing or broken.
    """
    from multialign.world.load import load_world

    mark = edition()
    if mark not in _kept:
        embedded = load_world()
        tables = [e for e in entries("icio") if e.years[1] > int(embedded.data.attrs.get("year", 0))]
        found = _of_table(tables[-1], embedded) if tables else embedded
        _kept.clear()
        _kept[mark] = _with_own_tariffs(found)
    return _kept[mark]


def _of_table(entry: Entry, embedded: World) -> World:
    """An added input-output year as a World, with the embedded World's tariffs where it has the pair and industry."""
    from multialign.world.load import open_world

    path = data_home() / entry.file
    if not path.is_file():
        raise InputError("is in the manifest and not in the folder", file=path, hint="add the data again")
    world = open_world(path)
    rates = np.zeros_like(world.array("tariff"))
    c = [k for k, x in enumerate(world.countries) if x in embedded.countries]
    s = [k for k, x in enumerate(world.sectors) if x in embedded.sectors]
    c_there = [embedded.countries.index(world.countries[k]) for k in c]
    s_there = [embedded.sectors.index(world.sectors[k]) for k in s]
    rates[np.ix_(c, c, s)] = embedded.array("tariff")[np.ix_(c_there, c_there, s_there)]
    home = np.arange(len(world.countries))
    rates[home, home] = 0.0
    return with_rates(world, rates, name=world.name)


def _with_own_tariffs(world: World) -> World:
    own = entries("tariffs")
    if not own:
        return world
    rates, _, _ = own_rates(world.array("tariff"), world.countries, world.sectors, RATES_YEAR)
    return with_rates(world, rates, name=f"{world.name}, tariffs of your data ({own[-1].source})")


def with_rates(world: World, tariff: np.ndarray, *, name: str) -> World:
    """The same World under other tariffs, its accounts balanced again.

    tariff: (N, N, S) [importer, exporter, industry], rates. Trade at producer prices stays; what users pay for it moves
    with the tariff, each industry's inputs by their average, and value added is what sales then leave over. Raises
    InputError where a country's inputs would cost more than it sells.
    """
    from multialign.world.model import World
    from multialign.world.readers.balance import with_value_added

    z, f, e = world.array("intermediate_trade"), world.array("final_trade"), world.array("export_tax")
    before = (z * (1.0 + e) * (1.0 + world.array("tariff"))).sum(axis=1)
    after = (z * (1.0 + e) * (1.0 + tariff)).sum(axis=1)
    ratio = np.divide(after, before, out=np.ones_like(after), where=before > 0)
    sales = (z + f).sum(axis=0)
    inputs, _ = with_value_added(world.array("input_use") * ratio[:, :, None], sales, world.countries, world.sectors)
    attrs = {k: v for k, v in world.data.attrs.items() if k not in ("name", "accounts")}
    return World.from_arrays(
        world.countries,
        world.sectors,
        intermediate_trade=z,
        final_trade=f,
        input_use=inputs,
        value_added=np.maximum(sales - inputs.sum(axis=1), 0.0),
        tariff=tariff,
        export_tax=e,
        elasticity=world.array("elasticity"),
        name=name,
        attrs=attrs,
    )
