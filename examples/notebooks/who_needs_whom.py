"""Who needs whom: ties, dependence and power of a state, in three cells. `marimo edit` opens it."""

import marimo

app = marimo.App()


@app.cell
def _():
    import marimo as mo

    mo.md(
        """
        # Who needs whom

        How Kazakhstan stands to China, Russia, the United States and the EU, domain by domain, and what each of two
        states would lose if trade between them stopped.
        """
    )
    return (mo,)


@app.cell
def _():
    from multialign import ties

    kazakhstan = ties("KAZ", with_=["CHN", "RUS", "USA", "EU27"])
    frame = kazakhstan.to_frame()
    frame[["domain", "partner", "depth"]].dropna().head(20)
    return (frame,)


@app.cell
def _():
    from multialign import power

    hurt = power(["KAZ", "CHN", "RUS"], cache=False).to_frame()
    hurt
    return (hurt,)


@app.cell
def _(frame, hurt, mo):
    deepest = frame.dropna(subset=["depth"]).nlargest(1, "depth").iloc[0]
    mo.md(f"The deepest tie is {deepest['domain']} with {deepest['partner']}; {len(hurt)} pairs were cut and solved.")
    return


if __name__ == "__main__":
    app.run()
