"""From an announcement to statements and offers, each with its place in the text. `marimo edit` opens it."""

import marimo

app = marimo.App()


@app.cell
def _():
    import marimo as mo

    mo.md(
        """
        # What was said

        A made-up announcement, read: who offers whom what, on what condition, and on which words that rests.
        """
    )
    return (mo,)


@app.cell
def _():
    from pathlib import Path

    from multialign import read

    text = Path(__file__).resolve().parent.parent / "announcements" / "kazakhstan-china.txt"
    reading = read(text)
    return (reading,)


@app.cell
def _(reading):
    import pandas as pd

    said = pd.DataFrame(
        [{"source": s.source, "target": s.target, "mode": s.mode, "valence": s.valence} for s in reading.statements]
    )
    said
    return (said,)


@app.cell
def _(mo, reading, said):
    offers = [f"{o.source} to {o.target}" for o in reading.offers]
    mo.md(f"{len(said)} statements; offers: {'; '.join(offers) or 'none'}.")
    return (offers,)


if __name__ == "__main__":
    app.run()
