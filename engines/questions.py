"""The ten questions an analyst can start from; every method answers one of them."""

from enum import Enum

from engines.data.kinds import DataKind


class Question(Enum):
    """One of the closed list of ten. `value` is the stable id; `sentence` what the analyst reads."""

    IMAGE_IF = "image-if"
    CAUSES = "causes"
    ROW_IF = "row-if"
    TARGETS = "targets"
    LABELS = "labels"
    RELIANCE = "reliance"
    TEXT_IF = "text-if"
    MOTION = "motion"
    ROBUST = "robust"
    THEORY = "theory"

    @property
    def sentence(self) -> str:
        return _ABOUT[self][0]

    @property
    def needs(self) -> str:
        """What the question needs, as its card says it."""
        return _ABOUT[self][1]

    @property
    def kinds(self) -> frozenset[DataKind]:
        """The kinds of data set that can answer it."""
        return _ABOUT[self][2]


_TABLE, _IMAGES = frozenset({DataKind.TABLE}), frozenset({DataKind.IMAGES})
_NONE: frozenset[DataKind] = frozenset()

_ABOUT: dict[Question, tuple[str, str, frozenset[DataKind]]] = {
    Question.IMAGE_IF: ("What would this image be if …?", "Needs images with labels, and a graph", _IMAGES),
    Question.CAUSES: ("Which variables cause which?", "Needs a table", _TABLE),
    Question.ROW_IF: ("What would this row have been if …?", "Needs a table with a treatment and an outcome", _TABLE),
    Question.TARGETS: ("Which changes meet my targets?", "Needs a table with objectives", _TABLE),
    Question.LABELS: ("Are my labels wrong?", "Needs images or a table, with labels", _TABLE | _IMAGES),
    Question.RELIANCE: ("What does this model rely on?", "Needs a model and its data", _TABLE | _IMAGES),
    Question.TEXT_IF: ("What if the text had said …?", "Needs text, or text pairs", _NONE),
    Question.MOTION: ("How will this system move?", "Needs curves over time", _NONE),
    Question.ROBUST: ("Train a model that holds up", "Needs images or a table, with labels", _TABLE | _IMAGES),
    Question.THEORY: ("What would theory predict?", "Needs nothing but settings", _TABLE | _IMAGES),
}
