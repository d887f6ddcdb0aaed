"""The average effect beside EconML and DoWhy: same rows, same learners, same parts where the peer takes them.

    python3 -m venv /tmp/peers && /tmp/peers/bin/pip install dowhy econml
    .venv/bin/python tests/benchmarks/average_effect_against_peers.py --peer-python /tmp/peers/bin/python \
        [--acic ../shared/data]

The peers do not resolve beside the lock, so they run in an environment of their own, on the rows as a file. Learners
are linear. "apart": the difference of both estimates in our standard errors, what chance leaves room for. Where
theirs gives no standard error there stands nan.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import tempfile
from dataclasses import replace
from pathlib import Path

import numpy as np
import polars as pl

from engines.checks.average_effect import COVARIATES, Candidate, simulate
from engines.counterfactual_tables.average_effect.estimators import (
    Given,
    interactive,
    partially_linear,
    regression,
    two_stage,
    weighting,
)
from engines.counterfactual_tables.average_effect.parameters import Parameters

PEER = """
import json, logging, sys, warnings
warnings.filterwarnings("ignore")
logging.disable(logging.CRITICAL)
import numpy as np, pandas as pd, dowhy, econml
from dowhy import CausalModel
from econml.dml import LinearDML
from econml.dr import LinearDRLearner
from econml.iv.dml import OrthoIV
from sklearn.linear_model import LinearRegression, LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
data = np.load(sys.argv[1])
x, t, y, z, parts, trim = (data[name] for name in ("x", "t", "y", "z", "parts", "trim"))
cut = [(np.flatnonzero(parts != k), np.flatnonzero(parts == k)) for k in np.unique(parts)]
chance = make_pipeline(StandardScaler(), LogisticRegression(max_iter=1000))
names = [f"x{j}" for j in range(x.shape[1])]
out = {"dowhy": dowhy.__version__, "econml": econml.__version__}
binary = set(np.unique(t)) == {0.0, 1.0}
def told(found):
    return [float(np.squeeze(found.point_estimate)), float(np.squeeze(found.stderr))]
table = pd.DataFrame(x, columns=names)
table["t"], table["y"] = (t.astype(bool) if binary else t), y
tools = []
if z.size:
    table["z"], tools = z, ["z"]
model = CausalModel(table, "t", "y", common_causes=names, instruments=tools)
estimand = model.identify_effect(proceed_when_unidentifiable=True)
if z.size:
    iv = OrthoIV(model_y_xw=LinearRegression(), model_t_xw=LinearRegression(), model_z_xw=LinearRegression(), cv=cut)
    out["doubly robust, instrument | EconML"] = told(iv.fit(y, t, Z=z, X=None, W=x).intercept__inference())
elif binary:
    dr = LinearDRLearner(model_propensity=chance, model_regression=LinearRegression(), cv=cut,
                         min_propensity=float(trim))
    out["doubly robust | EconML"] = told(dr.fit(y, t, X=None, W=x).intercept__inference(T=1))
    line = model.estimate_effect(estimand, method_name="backdoor.linear_regression", test_significance=False)
    out["regression | DoWhy"] = [float(line.value), float("nan")]
    weight = model.estimate_effect(estimand, method_name="backdoor.propensity_score_weighting",
                                   method_params={"weighting_scheme": "ips_normalized_weight"})
    out["weighting | DoWhy"] = [float(weight.value), float("nan")]
else:
    dml = LinearDML(model_y=LinearRegression(), model_t=LinearRegression(), cv=cut).fit(y, t, X=None, W=x)
    out["partially linear | EconML"] = told(dml.intercept__inference())
    line = model.estimate_effect(estimand, method_name="backdoor.linear_regression", test_significance=False)
    out["regression | DoWhy"] = [float(line.value), float("nan")]
print(json.dumps(out))
"""

OURS = {
    "doubly robust | EconML": interactive, "regression | DoWhy": regression, "weighting | DoWhy": weighting,
    "partially linear | EconML": partially_linear, "doubly robust, instrument | EconML": partially_linear,
}


def questions(acic: Path | None) -> dict[str, Given]:
    """By name: two arms, a dose, an instrument behind a hidden cause, and ACIC 2016 where its folder is named."""
    straight = Candidate().given(simulate(3, curved=False, rows=2000), "linear")
    hidden = simulate(4, curved=False, hidden=1.0, rows=4000)
    generator = np.random.default_rng(5)
    dose = straight.X[:, 0] + generator.normal(size=len(straight.y))
    found = {
        "two arms, 2,000 rows": straight,
        "a dose, 2,000 rows": replace(straight, t=dose, y=0.7 * dose + straight.X @ [1.0, 0.5, 1.0, 0.0]
                                      + generator.normal(size=len(dose)), binary=False),
        "an instrument, 4,000 rows": replace(
            Candidate().given(hidden, "linear"), X=hidden.V[:, COVARIATES], z=hidden.z),
    }
    if acic is not None:
        wide = pl.read_csv(acic / "acic2016_covariates.csv", infer_schema_length=None).to_dummies(
            ["x_2", "x_21", "x_24"], drop_first=True).to_numpy().astype(float)
        for number in (1, 2):
            table = pl.read_csv(acic / f"acic2016_outcomes_{number}.csv")
            t, y0, y1 = (table[name].to_numpy().astype(float) for name in ("z", "y0", "y1"))
            order = np.random.default_rng(0).permutation(len(t))
            order = order[np.argsort(t[order], kind="stable")]
            folds = (tuple(np.sort(order[k::5]) for k in range(5)),)
            found[f"ACIC 2016, outcomes {number}"] = Given(
                t, np.where(t == 1, y1, y0), wide, None, True, Parameters(learner="linear"), folds)
    return found


def theirs(python: str, given: Given) -> dict[str, list[float]]:
    """What the peers find on the rows, by estimator and peer; and their versions."""
    parts = np.empty(len(given.y), dtype=int)
    for k, part in enumerate(given.folds[0]):
        parts[part] = k
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "rows.npz"
        np.savez(path, x=given.X, t=given.t, y=given.y, z=np.empty(0) if given.z is None else given.z, parts=parts,
                 trim=given.parameters.trim)
        done = subprocess.run([python, "-c", PEER, str(path)], capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"The peers failed: {done.stderr[-800:]}")
    return dict(json.loads(done.stdout.splitlines()[-1]))


def main() -> None:
    """Estimate, ask the peers, print both."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--peer-python", required=True)
    parser.add_argument("--acic", type=Path)
    options = parser.parse_args()
    for name, given in questions(options.acic).items():
        found = theirs(options.peer_python, given)
        print(f"{name} (EconML {found.pop('econml')}, DoWhy {found.pop('dowhy')})")
        if given.z is not None:
            stage = two_stage(given)
            print(f"  {'two-stage least squares':36} ours {stage.effect:8.4f} ± {stage.error:.4f}")
        for what, (effect, error) in found.items():
            ours = OURS[what](given)
            print(f"  {what:36} ours {ours.effect:8.4f} ± {ours.error:.4f}   theirs {effect:8.4f} ± {error:.4f}   "
                  f"apart {(effect - ours.effect) / ours.error:+.2f}", flush=True)


if __name__ == "__main__":
    main()
