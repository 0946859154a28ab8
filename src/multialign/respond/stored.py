"""Surfaces on disk: one compressed file of arrays and a JSON header, read without executing anything."""

from __future__ import annotations

import json
import zipfile
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
from pydantic import ValidationError

from multialign.errors import InputError
from multialign.respond.axes import Axis, Pair
from multialign.respond.question import Question
from multialign.respond.standing import Standing
from multialign.respond.surface import CrudeFacts, HeldOut, Surface

FORMAT = 1
MAX_BYTES = 256 << 20


def save_surface(surface: Surface, path: str | Path) -> None:
    """Write a surface (``.npz``), whole or not at all."""
    path = Path(path)
    header = {
        "format": FORMAT,
        "kind": "surface",
        "question": surface.question.model_dump(mode="json"),
        "parties": surface.parties,
        "countries": surface.countries,
        "sets": surface.sets,
        "axes": [asdict(a) for a in surface.axes],
        "pairs": [asdict(p) for p in surface.pairs],
        "standing": {j: {d: asdict(s) for d, s in t.items()} for j, t in surface.standing.items()},
        "discount": surface.discount,
        "crude": {j: asdict(c) for j, c in surface.crude.items()},
        "oil": surface.oil,
        "oil_share": surface.oil_share,
        "held_out": asdict(surface.held_out),
        "year": surface.year,
        "solves": surface.solves,
    }
    arrays: dict[str, Any] = {f"main_{k}": m for k, m in enumerate(surface.main)}
    arrays |= {"joint": surface.joint, "income": surface.income, "membership": surface.membership}
    part = path.with_name(path.name + ".part")
    try:
        with part.open("wb") as out:
            np.savez_compressed(out, header=np.frombuffer(json.dumps(header).encode(), dtype=np.uint8), **arrays)
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


def load_surface(path: str | Path) -> Surface:
    """Read a surface. Raises InputError, naming the file, where it is none."""
    path = Path(path)
    if not path.is_file():
        raise InputError("there is no such file", file=path)
    if path.stat().st_size > MAX_BYTES:
        raise InputError(f"is {path.stat().st_size >> 20} MiB", file=path, hint=f"at most {MAX_BYTES >> 20} MiB")
    try:
        with np.load(path, allow_pickle=False) as data:
            head = json.loads(bytes(data["header"]))
            if head.get("kind") != "surface" or head.get("format") != FORMAT:
                raise InputError(f"is format {head.get('format')!r}", file=path, hint=f"this version reads {FORMAT}")
            axes = tuple(Axis(**a) for a in head["axes"])
            return Surface(
                question=Question.model_validate(head["question"]),
                parties=tuple(head["parties"]),
                countries=tuple(head["countries"]),
                membership=data["membership"],
                sets=tuple(head["sets"]),
                axes=axes,
                main=tuple(data[f"main_{k}"] for k in range(len(axes))),
                pairs=tuple(Pair(p["axis"], tuple(p["at"]), p["other"], tuple(p["other_at"])) for p in head["pairs"]),
                joint=data["joint"],
                income=data["income"],
                standing={j: {d: Standing(**s) for d, s in t.items()} for j, t in head["standing"].items()},
                discount={j: (float(x[0]), float(x[1]), float(x[2])) for j, x in head["discount"].items()},
                crude={j: CrudeFacts(**c) for j, c in head["crude"].items()},
                oil=(float(head["oil"][0]), float(head["oil"][1]), float(head["oil"][2])),
                oil_share=head["oil_share"],
                held_out=HeldOut(**head["held_out"]),
                year=int(head["year"]),
                solves=int(head["solves"]),
            )
    except (OSError, ValueError, KeyError, TypeError, zipfile.BadZipFile, ValidationError) as cause:
        raise InputError("is not a surface file", file=path, hint="surfaces are written by save_surface") from cause
