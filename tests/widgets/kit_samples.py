"""One of each kit widget, as a panel would make it."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import QLabel, QWidget

from widgets.kit import (
    Action,
    AddChip,
    AdviceBar,
    Button,
    Chip,
    DropZone,
    EmptyOr,
    ErrorBar,
    FoldHeader,
    KeyHint,
    Label,
    PanelFrame,
    Pill,
    ProgressBar,
    QuestionCard,
    RecentRow,
    Recognised,
    SampleCard,
    SearchField,
    Segmented,
    State,
    StateView,
    Surface,
    Switch,
    ToolButton,
    ValueBox,
)


def _error() -> QWidget:
    bar = ErrorBar()
    bar.show_message("It stopped.", "The loss is not a number.", [Action("Resume", int)])
    return bar


def _advice() -> QWidget:
    bar = AdviceBar()
    bar.show_message("Columns are long-tailed.", "", [Action("Use logarithm", int)])
    return bar


def _number() -> QWidget:
    box = ValueBox("px", 2, name="thickness")
    box.set_value(3.4)
    return box


def _frame() -> QWidget:
    frame = PanelFrame("Graph")
    frame.set_note("4 nodes")
    frame.set_body(QLabel("body"))
    frame.add_tool(ToolButton("maximize", "Fit"))
    frame.set_footer(Label("Identified."))
    return frame


def _progress() -> QWidget:
    bar = ProgressBar()
    bar.setAccessibleName("Training")
    bar.set_fraction(0.4)
    return bar


def recognise(paths: list[Path]) -> Recognised:
    """Takes tables, refuses pickles."""
    if paths[0].suffix == ".pkl":
        return Recognised("This file is a pickle, which can run code.", accepted=False)
    return Recognised("Table, about 7,500 rows")


# Clicked by the user; these must be named and reachable by keyboard.
CONTROLS: dict[str, Callable[[], QWidget]] = {
    "primary button": lambda: Button("Train", "primary", "play"),
    "plain button": lambda: Button("Choose file", "plain", "file-plus"),
    "ghost button": lambda: Button("25 steps", "ghost", menu=True),
    "toggle": lambda: Button("Graph", "toggle"),
    "tool": lambda: ToolButton("scissors", "Do view", checkable=True, keys="Ctrl+D"),
    "grey chip": lambda: Chip("image 4,021", menu=True),
    "accent chip": lambda: Chip("thickness = 3.40 px", "accent", editable=True, removable=True),
    "add chip": lambda: AddChip("Add an intervention"),
    "switch": lambda: Switch("Whole numbers only"),
    "value box": _number,
    "fold header": lambda: FoldHeader("Traversal of thickness", "other noise held"),
    "question card": lambda: QuestionCard("image", "What would this image be if …?", "Needs images with labels"),
    "sample card": lambda: SampleCard("Morpho digits", "thickness, intensity", QPixmap(28, 28)),
    "recent row": lambda: RecentRow("Shoulder x-rays", "Interrupted at step 800", action="Resume", warns=True),
    "search field": lambda: SearchField("Search or run a command", "Ctrl K"),
}

SHOWN: dict[str, Callable[[], QWidget]] = {
    "segmented": lambda: Segmented(["Side by side", "Traversal", "Grid"], name="View"),
    "state": lambda: StateView(State("Draw the graph, or learn it", "Or import one.", "route", (Action("Go", int),))),
    "busy state": lambda: StateView(State("Reading", kind="busy")),
    "empty or": lambda: EmptyOr(QLabel("content"), State("Nothing is queued.")),
    "error bar": _error,
    "advice bar": _advice,
    "frame": _frame,
    "drop zone": lambda: DropZone("Drop a file or folder anywhere", "CSV, Parquet", recognise),
    "progress": _progress,
    "pill": lambda: Pill("do", "do"),
    "key hint": lambda: KeyHint("Ctrl K"),
    "surface": Surface,
}

EVERYTHING = CONTROLS | SHOWN
