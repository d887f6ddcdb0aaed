"""Whether a predictor from elsewhere fits a table: which input takes which column, which output tells which target.

All that does not fit is said at once, column by column. Symbols: n rows, d features, k levels of a target.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from engines.abilities import Feature, Target
from engines.model_formats.onnx_heading import Heading, Port
from engines.refusals import Refusal

NUMBERS = ("float", "double")
_WHOLE = ("int64", "int32")
WITHOUT_ZIPMAP = 'With skl2onnx: to_onnx(model, X, options={"zipmap": False}).'


@dataclass(frozen=True)
class Fitting:
    """How the file and the table go together.

    Attributes:
        features: The columns that are read, in the order in which they go in.
        inputs: By feature the input that takes it, (n, 1) or (n,); empty where one input takes all, (n, d).
        outputs: By target the output that tells it: (n,) or (n, 1) of a number, (n, k) probabilities.
    """

    features: tuple[Feature, ...]
    inputs: Mapping[str, str]
    outputs: Mapping[str, str]


def fitting(heading: Heading, features: Sequence[Feature], targets: Sequence[Target]) -> Fitting:
    """How they go together. One input takes all features in their order, or each takes the one of its name.

    Raises:
        Refusal: naming each input, column and target that does not fit.
    """
    wrong: list[tuple[str, str, str]] = []              # what does not fit, what helps, the name concerned
    single = _takes_all(heading, features)
    read = tuple(features) if single else _by_name(heading, features, wrong)
    if single:
        _check_single(heading, features, wrong)
    outputs = {}
    for target in targets:
        if (found := _output(heading, target, targets, wrong)) is not None:
            outputs[target.name] = found
    if wrong:
        name = heading.path.name
        about = (name, *(concerned for _, _, concerned in wrong))
        if len(wrong) == 1:
            raise Refusal(f"{name} {wrong[0][0]}.", wrong[0][1], about=about)
        helps = " ".join(dict.fromkeys(help_ for _, help_, _ in wrong if help_))
        raise Refusal(
            f"{name} does not fit these columns in {len(wrong)} ways.",
            f"It {'; it '.join(said for said, _, _ in wrong)}. {helps}".strip(), about=about,
        )
    return Fitting(read, {} if single else {feature.name: feature.name for feature in read}, outputs)


def _takes_all(heading: Heading, features: Sequence[Feature]) -> bool:
    """Whether the file has one input for all columns: it is no column's own."""
    if len(heading.inputs) != 1:
        return False
    (port,) = heading.inputs
    one = port.shape is not None and (len(port.shape) == 1 or port.shape[1:] == (1,))
    return not (one and any(feature.name == port.name for feature in features))


def _check_single(heading: Heading, features: Sequence[Feature], wrong: list[tuple[str, str, str]]) -> None:
    (port,) = heading.inputs
    if port.type not in NUMBERS or port.shape is None or len(port.shape) != 2:
        wrong.append((
            "does not take one table of numbers",
            f"It takes {_in_words(port)}; needed is one input (rows, {len(features)}), or one of each column's name.",
            port.name,
        ))
    elif port.shape[1] not in (None, len(features)):
        wrong.append((
            f"takes {port.shape[1]} columns; {len(features)} have the role factor",
            f"They go in as they stand: {', '.join(f.name for f in features)}. Others need another role.",
            port.name,
        ))


def _by_name(
    heading: Heading, features: Sequence[Feature], wrong: list[tuple[str, str, str]]
) -> tuple[Feature, ...]:
    known, read = {feature.name: feature for feature in features}, []
    if not heading.inputs:
        wrong.append(("takes no input", "A predictor takes the columns of a row.", heading.path.name))
    for port in heading.inputs:
        feature = known.get(port.name)
        if feature is None:
            wrong.append((
                f"reads {port.name}, which is no column with the role factor",
                f"The factors are {', '.join(known) or 'none'}.", port.name,
            ))
            continue
        read.append(feature)
        if port.shape is not None and len(port.shape) != 1 and port.shape[1:] != (1,):
            wrong.append((f"takes {port.name} as {_in_words(port)}", "One value a row is needed.", port.name))
        elif port.type == "string" and not feature.levels:
            wrong.append((
                f"takes {port.name} as text; the column holds numbers", "Change the type of the column.", port.name
            ))
        elif port.type in _WHOLE and not (feature.whole or feature.levels):
            wrong.append((
                f"takes {port.name} as whole numbers; the column holds fractions", "Export it for numbers.", port.name
            ))
        elif port.type not in (*NUMBERS, *_WHOLE, "string"):
            wrong.append((f"takes {port.name} as {_in_words(port)}", "Needed are numbers or text.", port.name))
    return tuple(read)


def _output(
    heading: Heading, target: Target, targets: Sequence[Target], wrong: list[tuple[str, str, str]]
) -> str | None:
    """By its name; where one target is asked for, the one output of the right shape will do."""
    fit = [port for port in heading.outputs if port.type in NUMBERS and _tells(port, target)]
    named = next((port for port in heading.outputs if port.name == target.name), None)
    needed = f"probabilities of {', '.join(target.levels)}" if target.levels else "one number a row"
    if named is not None and named in fit:
        return named.name
    if named is not None:
        wrong.append((
            f"tells {target.name} as {_in_words(named)}", f"Needed for {target.name}: {needed}.", target.name
        ))
        return None
    if len(targets) == 1 and len(fit) == 1:
        return fit[0].name
    names = ", ".join(port.name for port in heading.outputs) or "none"
    mapped = target.levels and any(port.type in ("sequence", "map") for port in heading.outputs)
    classes = [port.shape[1] for port in heading.outputs if port.type in NUMBERS and len(port.shape or ()) == 2
               and port.shape is not None and port.shape[1] not in (None, 1)]
    if mapped:
        wrong.append((
            f"tells {target.name} as a list of maps", f"Export it with a table of probabilities. {WITHOUT_ZIPMAP}",
            target.name,
        ))
    elif target.levels and len(targets) == 1 and len(classes) == 1:
        wrong.append((
            f"tells {classes[0]} classes; {target.name} has {len(target.levels)} levels",
            f"They are {', '.join(target.levels)}.", target.name,
        ))
    else:
        wrong.append((
            f"has no output that tells {target.name}",
            f"Its outputs are {names}; needed is one called {target.name}, or the only one with {needed}.", target.name,
        ))
    return None


def _tells(port: Port, target: Target) -> bool:
    if port.shape is None:
        return True                                     # it is tried
    if target.levels:
        return len(port.shape) == 2 and port.shape[1] in (None, len(target.levels))
    return len(port.shape) == 1 or (len(port.shape) == 2 and port.shape[1] in (None, 1))


def _in_words(port: Port) -> str:
    """Such as "rows float (n, 5)"."""
    if port.type in ("sequence", "map"):
        return f"{port.name}, a {port.type}"
    if port.shape is None:
        return f"{port.name} {port.type}"
    sizes = ", ".join("n" if size is None else str(size) for size in port.shape)
    return f"{port.name} {port.type} ({sizes})"
