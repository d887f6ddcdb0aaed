"""`otherwise check`: what it prints and keeps of each verdict, for people and for the window."""

from __future__ import annotations

import json

import pytest

from engines.checks import Check, Criterion, Evidence, findings, judge
from engines.runtime.checking import Report
from studio.catalogue import Catalogue
from studio.commands import check as command

CHECK = Check(
    claim="Ours is nearer.", calibrated="2026-05-12", minutes=1, measure=lambda _run: Evidence({}, {}, {}),
    criteria=(
        Criterion("nearer", "SHD is below the peer's.", lambda own, others: own["SHD"] < others["peer"]["SHD"]),
        Criterion("exact", "The error is below 1e-6.", lambda own, _: own["error"] < 1e-6),
    ),
)
OURS, FAKE = {"SHD": 1.0, "error": 1e-9}, {"SHD": 9.0, "error": 1e-9}


def report(evidence: Evidence) -> Report:
    return Report("colide", CHECK.claim, evidence, findings(CHECK, evidence), judge(CHECK, evidence), 3.0)


PEER = {"peer": {"SHD": 2.0}}
CASES = {
    "passed": Evidence(OURS, PEER, {"turned": FAKE}),
    "failed": Evidence(OURS, PEER, {"turned": FAKE, "copied": OURS}),
    "incomplete": Evidence(OURS, {}, {"turned": FAKE}, missing={"peer": "it is not installed"}),
}


@pytest.mark.parametrize("outcome", CASES)
def test_a_verdict_is_printed_and_kept(otherwise, monkeypatch, tmp_path, outcome):
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.setattr(command.checking, "measured", lambda *_, **__: report(CASES[outcome]))
    ended = otherwise("check", "colide", "--out", tmp_path / "out")
    assert ended.code == (0 if outcome == "passed" else 1)
    assert outcome in ended.out.lower()
    assert ("nearer was not judged" if outcome == "incomplete" else "nearer holds") in ended.out
    kept = Catalogue().get("colide").verdict
    assert kept is not None
    assert kept.outcome == outcome
    assert kept.criteria[1].ours == {"error": 1e-9}
    assert (Catalogue().get("colide").checked is not None) == (outcome == "passed")
    assert json.loads((tmp_path / "out" / "verdict.json").read_text())["verdict"]["outcome"] == outcome
    lines = otherwise("check", "colide", "--json").lines
    assert lines[-1]["outcome"] == outcome


def test_a_criterion_tells_the_figures_that_it_read():
    nearer, exact = findings(CHECK, CASES["passed"])
    assert (nearer.held, nearer.ours, nearer.others) == (True, {"SHD": 1.0}, PEER)
    assert (exact.held, exact.ours, exact.others) == (True, {"error": 1e-9}, {})
    missing, _ = findings(CHECK, CASES["incomplete"])
    assert (missing.held, missing.ours) == (None, {"SHD": 1.0})
