"""What states do to trade: the instruments of a scenario, as data."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

Codes = tuple[str, ...]


class _Instrument(BaseModel):
    """Fields common to all instruments. An empty or absent list means everybody or everything.

    Countries are ISO3 codes or names of groups (EU, G7, BRICS, ...; ``EU@2019-06-30`` for the members of that day);
    industries are codes, or ``goods``, ``services``, ``technology``, ``energy``. No instrument touches a country's
    trade with itself, and none that names a customs union (the EU, say) touches trade between two of its members,
    unless both are also named by their own codes on the sides in question.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    importers: Codes = Field((), description="ISO3 codes or names of groups; empty: all")
    exporters: Codes = Field((), description="ISO3 codes or names of groups; empty: all")
    industries: Codes = Field((), description="codes, or goods, services, technology, energy; empty: all")


class Tariff(_Instrument):
    """A tariff of the importer: on top of the baseline's rate, in its place, or a multiple of it. The importer gets
    the revenue."""

    kind: Literal["tariff"] = "tariff"
    rate: float = Field(gt=-1, le=100, description="ad-valorem rate: 0.25 is 25 %; with mode 'scale' a factor")
    mode: Literal["add", "replace", "scale"] = Field(
        "add", description="on top of the rate that stands, instead of it, or the rate times this number"
    )


class ExportTax(_Instrument):
    """A tax of the exporter: on top of the baseline's rate, in its place, or a multiple of it. The exporter gets the
    revenue."""

    kind: Literal["export_tax"] = "export_tax"
    rate: float = Field(gt=-1, le=100, description="ad-valorem rate on the producer price")
    mode: Literal["add", "replace", "scale"] = Field(
        "add", description="on top of the rate that stands, instead of it, or the rate times this number"
    )


class Friction(_Instrument):
    """A change of what trade uses up on the way: sanctions, payment or insurance trouble, or their easing.

    Iceberg: the resources are lost, nobody gets revenue.
    """

    kind: Literal["friction"] = "friction"
    change: float = Field(gt=-1, le=100, description="ad-valorem equivalent: 0.1 makes delivery 10 % dearer")


class Embargo(_Instrument):
    """No trade at all in these flows: exactly zero, not a large number."""

    kind: Literal["embargo"] = "embargo"


class Discount(_Instrument):
    """The exporter sells below its price and bears the cost: an export tax of minus `rate`."""

    kind: Literal["discount"] = "discount"
    rate: float = Field(gt=0, lt=1, description="part of the price given up: 0.1 is 10 %")


class Subsidy(BaseModel):
    """A subsidy to production: every buyer, at home and abroad, pays that much less than the producer gets. The
    producer's state bears the cost."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: Literal["subsidy"] = "subsidy"
    producers: Codes = Field((), description="ISO3 codes or names of groups; empty: all")
    industries: Codes = Field((), description="codes, or goods, services, technology, energy; empty: all")
    rate: float = Field(gt=0, lt=1, description="part of the producer's price that the state pays: 0.1 is 10 %")


Instrument = Annotated[Tariff | ExportTax | Friction | Embargo | Discount | Subsidy, Field(discriminator="kind")]
INSTRUMENTS = (Tariff, ExportTax, Friction, Embargo, Discount, Subsidy)
"""All kinds of them."""
