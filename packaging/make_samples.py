"""Makes the samples *Morpho digits* (from MNIST), *Pendulum*, *Recovery programme*, *Dosing*, *Loans*, *Beams* and
*Admissions* (by code): data, card picture, and the trained model by the project's own command.

python packaging/make_samples.py digits --mnist mnist.npz   # an archive with train_images and train_labels
python packaging/make_samples.py pendulum                   # 7,308 scenes, no download
python packaging/make_samples.py recovery                   # 1,000 rows and what is hidden from them, no download
python packaging/make_samples.py dosing                     # 600 rows, no download; trained by the analyst
python packaging/make_samples.py exercise                   # 600 rows and their graph, no download
python packaging/make_samples.py loans                      # 600 rows, no download; trains a predictor, then T-Rex
python packaging/make_samples.py beams                      # 360 rows, no download; trains a predictor, then searches
python packaging/make_samples.py admissions                 # 3,000 rows, no download; trains for half a minute
python packaging/make_samples.py picture SAMPLE             # what the card on the start page shows
python packaging/make_samples.py model SAMPLE               # trains for minutes on one core
"""

from __future__ import annotations

import argparse
import csv
import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parents[1]
SAMPLES = ROOT / "resources" / "samples"
DIGITS, PENDULUM, RECOVERY = SAMPLES / "morpho_digits", SAMPLES / "pendulum", SAMPLES / "recovery_programme"
DOSING, LOANS, BEAMS = SAMPLES / "dosing", SAMPLES / "loans", SAMPLES / "beams"
EXERCISE = SAMPLES / "exercise"
ADMISSIONS = SAMPLES / "admissions"
TRAIN, TEST, SEED = 5400, 600, 0
SIDE = 64               # px of a pendulum scene
DEGREES = 0.9           # a step of the source, pi / 200, in degrees
PLACES = {
    DIGITS: {"thickness": (0.0, 0.0), "intensity": (120.0, 96.0), "digit": (0.0, 184.0)},
    PENDULUM: {"angle": (0.0, 0.0), "light": (0.0, 152.0), "shadow length": (220.0, 0.0),
               "shadow position": (220.0, 152.0)},
}
PATIENTS, METRES = 1000, 40.0                # rows; of walking for one unit of the simulator's outcome
MEASURED = {"age": (62.0, 9.0, 0), "pain": (5.0, 1.4, 1), "strength": (24.0, 5.0, 1), "weight": (78.0, 12.0, 1),
            "steps": (5200.0, 1300.0, 0)}    # covariates of the recovery programme: middle, spread, decimals
SETTINGS = {
    DIGITS: ("--preset", "thorough"),
    PENDULUM: ("--preset", "quick", "--set", "steps=4000", "--set", "average=0.999"),
}


def command(folder: Path) -> list[str]:
    """The project's own command that trains a sample's model."""
    inside = folder.relative_to(ROOT)
    return ["run", "causal_diffae", f"{inside}/{folder.name}.npz", "--graph", f"{inside}/graph.json",
            *SETTINGS[folder], "--seed", str(SEED), "--threads", "1"]


def make_digits(mnist: Path) -> None:
    """Draw thickness and intensity for skeletons of MNIST digits; write pictures, factors, skeletons and graph."""
    from engines.graph.graph import Graph
    from engines.simulators.morpho import LEGIBLE, MorphoDigits, skeletons_of

    with np.load(mnist) as archive:
        pictures, digits = archive["train_images"], archive["train_labels"]
    chosen = np.sort(np.random.default_rng(SEED).choice(len(pictures), TRAIN + TEST, replace=False))
    sample = MorphoDigits.sample(skeletons_of(pictures[chosen]), digits[chosen].astype(np.int64), LEGIBLE, SEED)
    DIGITS.mkdir(parents=True, exist_ok=True)
    np.savez_compressed(
        DIGITS / "morpho_digits.npz",
        pixels=sample.images(),
        thickness=np.round(sample.thickness, 3),
        intensity=np.round(sample.intensity, 1),
        digit=sample.digit.astype(str),
        split=np.repeat(["train", "test"], [TRAIN, TEST]),
        units=np.array(json.dumps({"thickness": "px", "intensity": "of 255"})),
    )
    np.savez_compressed(
        DIGITS / "skeletons.npz", skeletons=np.packbits(sample.skeletons), side=np.array(sample.skeletons.shape[1]),
        digit=sample.digit.astype(np.uint8), thickness=sample.thickness, noise=sample.noise,
    )
    graph = Graph.of(("thickness", "intensity", "digit"), (("thickness", "intensity"),)).placed(PLACES[DIGITS])
    write_json(DIGITS / "graph.json", graph.to_json())


def make_pendulum() -> None:
    """All scenes of the source at 64 px, their shadows with noise; angles in degrees, lengths in units of the scene.

    Every fourth scene is for testing, as in the source.
    """
    from engines.graph.graph import Graph
    from engines.simulators.pendulum import EDGES, FACTORS, Pendulums, split

    scenes = Pendulums.grid().with_noise(SEED)
    part = np.full(len(scenes), "train", dtype="<U5")
    part[split(len(scenes))[1]] = "test"
    scale = {"angle": DEGREES, "light": DEGREES}
    factors = {name: np.round(values * scale.get(name, 1.0), 3) for name, values in scenes.factors().items()}
    PENDULUM.mkdir(parents=True, exist_ok=True)
    np.savez_compressed(
        PENDULUM / "pendulum.npz", pixels=scenes.images(SIDE), **factors, split=part,
        units=np.array(json.dumps({"angle": "°", "light": "°"})),
    )
    write_json(PENDULUM / "graph.json", Graph.of(FACTORS, EDGES).placed(PLACES[PENDULUM]).to_json())


def make_recovery() -> None:
    """Patients whose support at home drove both whether they joined a programme and how far they walk; simulated.

    `patients.csv` is what an analyst would have; `hidden.csv` what nobody measured, and both outcomes of each row.
    """
    from engines.simulators.hidden_confounder import confounded

    drawn = confounded(PATIENTS, SEED)
    columns = {name: np.round(middle + spread * drawn.x[:, j], decimals)
               for j, (name, (middle, spread, decimals)) in enumerate(MEASURED.items())}
    without = 400 + METRES * (drawn.y - drawn.effects * drawn.t)
    outcomes = {"without programme": without, "with programme": without + METRES * drawn.effects}
    columns["programme"] = np.where(drawn.t > 0, "yes", "no")
    columns["walking"] = np.round(np.where(drawn.t > 0, outcomes["with programme"], without), 1)
    RECOVERY.mkdir(parents=True, exist_ok=True)
    write_csv(RECOVERY / "patients.csv", columns)
    write_csv(RECOVERY / "hidden.csv", {
        "support at home": np.where(drawn.u > 0, "yes", "no"),
        **{name: np.round(values, 1) for name, values in outcomes.items()},
    })


def write_csv(path: Path, columns: dict[str, np.ndarray]) -> None:
    """A table with a line of names."""
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(columns)
        writer.writerows(zip(*(values.tolist() for values in columns.values()), strict=True))


def make_scatter(folder: Path) -> None:
    """Walking against strength, dark for those in the programme, as the card of the recovery programme shows them."""
    from PIL import Image, ImageDraw

    with (folder / "patients.csv").open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    wide, high, edge = 504, 336, 24
    picture = Image.new("RGB", (wide, high), (246, 246, 248))
    pen = ImageDraw.Draw(picture)
    places = np.array([[float(row["strength"]), float(row["walking"])] for row in rows[:420]])
    low, span = places.min(axis=0), np.ptp(places, axis=0)
    for row, (x, y) in zip(rows, (places - low) / span, strict=False):
        at = edge + x * (wide - 2 * edge), high - edge - y * (high - 2 * edge)
        box = [at[0] - 4, at[1] - 4, at[0] + 4, at[1] + 4]
        pen.ellipse(box, fill=(60, 66, 78) if row["programme"] == "yes" else (176, 182, 192))
    picture.save(folder / "picture.png")


def make_dosing() -> None:
    """600 rows of the check's simulator, the action as a dose in mg, and the picture of the card.

    What a dose moves is hidden; six markers show it. The seed is the check's first.
    """
    from PIL import Image, ImageDraw

    from engines.simulators.interventions import Interventions

    data = Interventions.sample(600, np.random.default_rng(SEED))
    dose = np.round(50 + 10 * data.A, 2)
    columns = {"dose": dose, **{f"marker {j + 1}": np.round(x, 4) for j, x in enumerate(data.X.T)},
               "response": np.round(data.Y, 4)}
    DOSING.mkdir(parents=True, exist_ok=True)
    write_csv(DOSING / "dosing.csv", columns)
    image = Image.new("L", (504, 336), 250)
    draw = ImageDraw.Draw(image)
    for x, y in zip(dose, data.Y, strict=True):
        at = 40 + (x - 25) / 50 * 424, 300 - (y - data.Y.min()) / np.ptp(data.Y) * 264
        draw.ellipse((at[0] - 4, at[1] - 4, at[0] + 4, at[1] + 4), fill=110)
    image.resize((252, 168), Image.Resampling.LANCZOS).save(DOSING / "picture.png")


def make_exercise() -> None:
    """600 people: does exercise lower the blood pressure? With the graph that they were drawn from.

    Age and stress act on both; weight lies on the way; medicine follows from the pressure. In truth exercise lowers the
    pressure by 6 mmHg, 4 by itself and 2 by way of weight; everybody beside everybody, it looks like much more.
    """
    from PIL import Image, ImageDraw

    from engines.graph import formats
    from engines.graph.graph import Graph, Mark, Node

    generator = np.random.default_rng(SEED)
    n = 600
    age, stress = generator.uniform(25, 75, n), generator.normal(50, 10, n)
    chance = 1 / (1 + np.exp(0.06 * (age - 50) + 0.07 * (stress - 50)))
    exercise = generator.random(n) < chance
    weight = 76 - 5 * exercise + 0.1 * (age - 50) + generator.normal(0, 6, n)
    pressure = 122 - 4 * exercise + 0.4 * (weight - 76) + 0.45 * (age - 50) + 0.3 * (stress - 50)
    pressure += generator.normal(0, 5, n)
    medicine = generator.random(n) < 1 / (1 + np.exp(-0.25 * (pressure - 135)))
    columns = {
        "age": np.round(age, 1), "stress": np.round(stress, 1), "exercise": np.where(exercise, "yes", "no"),
        "weight": np.round(weight, 1), "blood pressure": np.round(pressure, 1),
        "medicine": np.where(medicine, "yes", "no"),
    }
    EXERCISE.mkdir(parents=True, exist_ok=True)
    write_csv(EXERCISE / "exercise.csv", columns)
    graph = Graph.of(columns, [
        ("age", "exercise"), ("age", "weight"), ("age", "blood pressure"), ("stress", "exercise"),
        ("stress", "blood pressure"), ("exercise", "weight"), ("exercise", "blood pressure"),
        ("weight", "blood pressure"), ("blood pressure", "medicine"),
    ]).placed({
        "age": (0, 0), "stress": (0, 160), "exercise": (200, 160), "weight": (400, 40), "blood pressure": (600, 120),
        "medicine": (800, 120),
    })
    for name, mark in (("exercise", Mark.EXPOSURE), ("blood pressure", Mark.OUTCOME)):
        graph = graph.with_node(Node(name, frozenset({mark}), graph.node(name).position))
    (EXERCISE / "graph.txt").unlink(missing_ok=True)
    formats.write(graph, EXERCISE / "graph.txt")
    image = Image.new("RGB", (504, 336), (246, 246, 248))
    draw = ImageDraw.Draw(image)
    for x, y, moves in zip(age, pressure, exercise, strict=True):
        at = 40 + (x - 25) / 50 * 424, 300 - (y - pressure.min()) / np.ptp(pressure) * 264
        draw.ellipse((at[0] - 4, at[1] - 4, at[0] + 4, at[1] + 4), fill=(60, 66, 78) if moves else (176, 182, 192))
    image.resize((252, 168), Image.Resampling.LANCZOS).save(EXERCISE / "picture.png")


def make_loans() -> None:
    """600 simulated applications for a loan, the picture of the card, and the trained model, by the project's commands:
    a predictor of the decision, then T-Rex on it.
    """
    from PIL import Image, ImageDraw

    drawn = np.random.default_rng(SEED)
    income, savings = drawn.gamma(9, 340, 600), drawn.gamma(1.6, 5200, 600)
    debt, loan = drawn.gamma(2, 4500, 600), drawn.gamma(4, 4200, 600)
    years, home = drawn.integers(0, 26, 600), drawn.integers(0, 3, 600)
    score = (1.5 * np.log(income / 3000) + 0.6 * np.tanh(savings / 9000) - 0.9 * debt / 9000 - 0.8 * loan / 16000
             + 0.9 * np.tanh(years / 7) - 0.3 * (home == 1) + 0.75)
    approved = score + 0.15 * drawn.normal(size=600) > 0
    columns = {
        "income": income.round(-1), "savings": savings.round(-2), "debt": debt.round(-2), "loan": loan.round(-2),
        "years employed": years, "home": np.array(["owned", "rented", "with family"])[home],
        "approved": np.where(approved, "yes", "no"),
    }
    LOANS.mkdir(parents=True, exist_ok=True)
    write_csv(LOANS / "loans.csv", columns)
    picture = Image.new("RGB", (504, 336), (246, 246, 248))
    pen = ImageDraw.Draw(picture)
    for x, y, yes in zip(np.log(income), score, approved, strict=True):
        at = 24 + (x - 7.0) / 2.2 * 456, 168 - y / 2.6 * 144
        pen.ellipse((at[0] - 4, at[1] - 4, at[0] + 4, at[1] + 4), fill=(60, 66, 78) if yes else (176, 182, 192))
    picture.save(LOANS / "picture.png")
    explained(LOANS, "robust_counterfactuals", ("approved",))


MATERIALS = {"steel": (7.85, 210.0, 250.0, 1.2), "aluminium": (2.70, 69.0, 240.0, 3.2),
             "titanium": (4.43, 114.0, 830.0, 22.0)}
"""Of a beam: density in kg per dm³, Young's modulus in GPa, yield strength in MPa, price of a kg."""
BEAM, ASKED = 10, {
    "targets": "deflection <= 3; safety in fair, high; cost prefers low; minimise mass", "limits": "load locked",
    "generations": 24, "population": 50,
}
"""The row of the sample that is asked about, and what is asked."""


def make_beams() -> None:
    """360 simulated cantilevers, the picture of the card, and the trained model: a predictor of mass, deflection,
    safety and cost, then the search for one beam. By the textbook, with 2 % of noise.
    """
    from PIL import Image, ImageDraw

    drawn = np.random.default_rng(SEED)
    length, width, height = (drawn.integers(low, high + 1, 360) for low, high in ((400, 1000), (30, 80), (35, 90)))
    load, material = drawn.integers(4, 61, 360) * 50, drawn.integers(0, 3, 360)
    density, young, strength, price = np.array(list(MATERIALS.values()))[material].T
    noise = np.exp(0.02 * drawn.normal(size=(4, 360)))
    mass = density * length * width * height / 1e6 * noise[0]
    deflection = 4 * load * length**3 / (young * 1000 * width * height**3) * noise[1]
    reserve = strength / (6 * load * length / (width * height**2)) * noise[2]
    cost = mass * price * noise[3]
    columns = {
        "length": length, "width": width, "height": height, "load": load,
        "material": np.array(list(MATERIALS))[material], "mass": mass.round(2), "deflection": deflection.round(2),
        "safety": np.array(["low", "fair", "high"])[np.digitize(reserve, (3.0, 8.0))],
        "cost": np.array(["low", "middle", "high"])[np.digitize(cost, (20.0, 60.0))],
    }
    BEAMS.mkdir(parents=True, exist_ok=True)
    write_csv(BEAMS / "beams.csv", columns)
    picture = Image.new("RGB", (504, 336), (246, 246, 248))
    pen = ImageDraw.Draw(picture)
    for x, y, cheap in zip(np.log(mass), np.log(deflection), cost < 20, strict=True):
        at = 24 + (x - 0.2) / 3.8 * 456, 312 - (y + 3.2) / 7.2 * 288
        pen.ellipse((at[0] - 4, at[1] - 4, at[0] + 4, at[1] + 4), fill=(60, 66, 78) if cheap else (176, 182, 192))
    picture.save(BEAMS / "picture.png")
    explained(BEAMS, "multi_objective_counterfactuals", ("mass", "deflection", "safety", "cost"),
              {"row": BEAM, **ASKED})


def explained(
    folder: Path, method: str, predicted: tuple[str, ...], settings: Mapping[str, object] | None = None
) -> None:
    """Train *Plain predictor* on the folder's table, then a method that explains it, and keep what that leaves."""
    data = f"{folder.name}.csv"
    roles = [part for name in predicted for part in ("--role", f"objective={name}")]
    chosen = [part for name, value in (settings or {}).items() for part in ("--set", f"{name}={value}")]
    with tempfile.TemporaryDirectory() as temporary:
        predictor, found = Path(temporary) / "predictor", Path(temporary) / "found"
        table = str(folder.relative_to(ROOT) / data)
        for done in (
            ["run", "plain_predictor", table, *roles, "--out", str(predictor)],
            ["run", method, table, *roles, "--input", f"model={predictor / 'model'}", *chosen, "--out", str(found)],
        ):
            subprocess.run([sys.executable, "-m", "studio", *done, "--threads", "1"], check=True, cwd=ROOT)
        keep(found, folder, data)


def keep(run: Path, folder: Path, data: str) -> None:
    """The model that a run left, without where its data lay on this machine."""
    shutil.rmtree(folder / "model", ignore_errors=True)
    shutil.copytree(run / "model", folder / "model")
    document = json.loads((folder / "model" / "model.json").read_text("utf-8"))
    document["card"]["data"]["reference"]["path"] = data
    document["card"].pop("model", None)
    write_json(folder / "model" / "model.json", document)


SCALES = {"reading": (50, 10, 1), "practice": (6, 3, 1), "mathematics": (50, 10, 1), "interview": (5, 2, 2),
          "rating": (5, 1.2, 2), "travel": (40, 8, 1), "competition": (4, 0.6, 2)}
"""Of the seven columns of an admission: middle, spread of one unit of the simulator, decimals."""


def make_admissions() -> None:
    """3,000 applicants of twelve terms, by the check's simulator with its first seed; the picture of the card (the
    rating over the terms, dark for those admitted), and the trained model by the project's own command.
    """
    from PIL import Image, ImageDraw

    from engines.simulators.drifting_fairness import drifting

    drawn = drifting(SEED)
    columns = {"term": drawn.period.astype(int), "home": np.array(["country", "town"])[drawn.a.astype(int)],
               **{name: np.round(middle + spread * x, decimals)
                  for x, (name, (middle, spread, decimals)) in zip(drawn.x.T, SCALES.items(), strict=True)},
               "admitted": np.array(["no", "yes"])[drawn.y.astype(int)]}
    ADMISSIONS.mkdir(parents=True, exist_ok=True)
    write_csv(ADMISSIONS / "admissions.csv", columns)
    picture = Image.new("RGB", (504, 336), (246, 246, 248))
    pen = ImageDraw.Draw(picture)
    scatter = np.random.default_rng(SEED).uniform(-14, 14, len(drawn.y))
    for term, rating, yes, aside in zip(drawn.period, drawn.x[:, 4], drawn.y > 0, scatter, strict=True):
        at = 44 + (term - 1) / 11 * 416 + aside, 168 - rating / 4.2 * 144
        pen.ellipse((at[0] - 3, at[1] - 3, at[0] + 3, at[1] + 3), fill=(60, 66, 78) if yes else (176, 182, 192))
    picture.save(ADMISSIONS / "picture.png")
    roles = [f"{role}={name}" for role, name in (("time", "term"), ("sensitive attribute", "home"),
                                                 ("label", "admitted"))]
    with tempfile.TemporaryDirectory() as temporary:
        subprocess.run(
            [sys.executable, "-m", "studio", "run", "sequential_counterfactual_fairness",
             str((ADMISSIONS / "admissions.csv").relative_to(ROOT)), *(p for role in roles for p in ("--role", role)),
             "--seed", str(SEED), "--out", f"{temporary}/run", "--threads", "1"], check=True, cwd=ROOT)
        keep(Path(temporary) / "run", ADMISSIONS, "admissions.csv")


def make_picture(folder: Path) -> None:
    """Six of the pictures, three a row, as the card of the sample shows them."""
    from PIL import Image

    with np.load(folder / f"{folder.name}.npz") as archive:
        pixels = archive["pixels"]
        if folder == DIGITS:
            digits, thickness = archive["digit"].astype(int), archive["thickness"]
            rows = []
            for digit, wanted in zip((5, 3, 2, 3, 4, 6), (2.2, 3.4, 3.0, 2.6, 3.8, 2.4), strict=True):
                like = np.flatnonzero(digits == digit)
                rows.append(like[np.argmin(np.abs(thickness[like] - wanted))])
        else:
            scenes = np.stack([archive["angle"], archive["light"]], axis=1)
            wanted = [(-28, 70), (0, 80), (26, 95), (20, 115), (-10, 120), (-30, 100)]
            rows = [np.argmin(np.abs(scenes - place).sum(axis=1)) for place in wanted]
    shown = pixels[rows].squeeze()
    mosaic = np.concatenate([np.concatenate(list(shown[:3]), axis=1), np.concatenate(list(shown[3:]), axis=1)])
    larger = max(1, 84 // shown.shape[1])
    Image.fromarray(mosaic.repeat(larger, axis=0).repeat(larger, axis=1)).save(folder / "picture.png")


def make_model(folder: Path) -> None:
    """Train by the project's own command, keep the model, and write down settings, seconds and figures."""
    with tempfile.TemporaryDirectory() as temporary:
        out = Path(temporary) / "run"
        subprocess.run([sys.executable, "-m", "studio", *command(folder), "--out", str(out)], check=True, cwd=ROOT)
        keep(out, folder, f"{folder.name}.npz")
        (folder / "TRAINED.md").write_text(trained(folder, json.loads((out / "run.json").read_text("utf-8"))), "utf-8")


def trained(folder: Path, run: dict) -> str:
    """What is written beside the model."""
    seconds = (f"in {run['seconds']:.0f} s ({run['cpu_seconds']:.0f} CPU seconds) with {run['threads']} thread on a "
               "machine of two cores that others used as well. Figures are of images of the part test, which training "
               "never saw.")
    lines = [
        "# How this model was trained", "",
        f"Made by `python packaging/make_samples.py model {folder.name}`, which runs", "",
        f"    otherwise {' '.join(command(folder))} --out DIR", "",
        seconds, "",
        "| figure | value |", "|---|---|",
        *(f"| {name} | {value:.4g} |" for name, value in run["scalars"].items()), "",
        "| setting | value |", "|---|---|",
        *(f"| {name} | {value} |" for name, value in run["parameters"].items()), "",
        "| software | version |", "|---|---|", *(f"| {name} | {value} |" for name, value in run["versions"].items()),
    ]
    return "\n".join(lines) + "\n"


def write_json(path: Path, plain: object) -> None:
    """One JSON document, indented."""
    path.write_text(json.dumps(plain, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def main() -> None:
    """Read the command and do it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parts = parser.add_subparsers(dest="part", required=True)
    parts.add_parser("digits").add_argument("--mnist", type=Path, required=True)
    parts.add_parser("pendulum")
    parts.add_parser("recovery")
    parts.add_parser("dosing")
    parts.add_parser("exercise")
    parts.add_parser("loans")
    parts.add_parser("beams")
    parts.add_parser("admissions")
    for part in ("picture", "model"):
        choices = [folder.name for folder in SETTINGS] + [RECOVERY.name] * (part == "picture")
        parts.add_parser(part).add_argument("sample", choices=choices)
    options = parser.parse_args()
    match options.part:
        case "digits":
            make_digits(options.mnist)
        case "pendulum":
            make_pendulum()
        case "recovery":
            make_recovery()
        case "picture" if options.sample == RECOVERY.name:
            make_scatter(RECOVERY)
        case "dosing":
            make_dosing()
        case "exercise":
            make_exercise()
        case "loans":
            make_loans()
        case "beams":
            make_beams()
        case "admissions":
            make_admissions()
        case "picture":
            make_picture(SAMPLES / options.sample)
        case _:
            make_model(SAMPLES / options.sample)


if __name__ == "__main__":
    main()
