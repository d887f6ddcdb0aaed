"""What can be set of T-Rex, and the presets."""

from typing import Literal

from engines.contract import MethodParameters, parameter

Search = Literal["T-Rex:I", "T-Rex:NN"]
Norm = Literal["L1", "L2"]
Change = Literal["mixed", "new start", "bootstrap", "leave out"]


class Parameters(MethodParameters):
    """Defaults are for some hundred rows and thirty of them asked about: about a minute on one core."""

    target: str = parameter(
        "", help="The column whose class is to change; empty: the only class that the model predicts.")
    wanted: str = parameter("", help="The class to reach; empty: the last of two.")
    search: Search = parameter(
        "T-Rex:I", help="T-Rex:I climbs from the nearest counterfactual and needs gradients; T-Rex:NN picks a row of "
                        "the data and works with every model.")
    tau: float = parameter(0.75, gt=0, lt=1, title="τ", help="The stability that a counterfactual is to reach.")
    sigma: float = parameter(
        0.1, gt=0, le=1, title="σ", unit="of a column's range", help="How far around a row stability looks.")
    k: int = parameter(1000, ge=10, le=100_000, unit="samples", help="Rows drawn around each row.")
    norm: Norm = parameter("L2", help="How the cost of a change is measured: L1 favours few changed columns.")
    models: int = parameter(8, ge=2, le=200, unit="models", help="Retrained models with which advice is tested.")
    change: Change = parameter(
        "mixed", help="How each retraining differs: a new start on all rows, on resampled rows, on rows of which some "
                      "are left out, or these in turn.")
    left_out: float = parameter(
        0.2, gt=0, lt=0.9, unit="of the rows", help="Share of the rows left out by leave out.", advanced=True)
    rows: int = parameter(30, ge=1, le=2000, unit="rows", help="Rows of the other class that the run asks about.")
    shake: Literal["all numbers", "continuous only"] = parameter(
        "all numbers", help="Which numbers are sampled around a row: whole numbers too, or only continuous ones.",
        advanced=True)
    step: float = parameter(
        0.01, gt=0, le=0.5, unit="of a column's range", help="Length of a step of T-Rex:I.", advanced=True)
    steps: int = parameter(200, ge=1, le=100_000, unit="steps", help="Most steps of T-Rex:I.", advanced=True)
    radius: float = parameter(
        1.0, gt=0, le=10, unit="of a column's range", advanced=True,
        help="How far T-Rex:I may go from the nearest counterfactual (L2).")
    margin: float = parameter(
        0.2, ge=0, le=5, unit="logits", help="How far past the border the nearest counterfactual lies.", advanced=True)
    closer: int = parameter(
        120, ge=10, le=100_000, unit="steps", help="Steps of each of the nine rounds of the search for the nearest.",
        advanced=True)
    neighbours: int = parameter(
        1, ge=1, le=50, unit="rows", help="Neighbours by which a counterfactual counts as inside the data (LOF).",
        advanced=True)


STANDARD = Parameters()
QUICK = Parameters(models=4, rows=10, k=300, closer=60)
ROWS_ONLY = Parameters(search="T-Rex:NN")
