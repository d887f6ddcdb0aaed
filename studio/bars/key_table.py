"""The keys, panel by panel: what the help shows."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class KeySection:
    """The keys of one place: (keys, what they do)."""

    title: str
    rows: tuple[tuple[str, str], ...]


KEYS: tuple[KeySection, ...] = (
    KeySection("Everywhere", (
        ("Ctrl+1 to 9", "Start, Data, Graph, Methods, Curves, Counterfactual, Jobs, Models, Results"),
        ("F6, Shift+F6", "Next panel, previous panel; floating ones too"),
        ("Ctrl+\\", "Fill the window with this panel; again or Esc ends it"), ("Ctrl+K", "Search or run a command"),
        ("Ctrl+Enter", "The primary button: the next step that is missing"), ("Ctrl+O", "Open a file"),
        ("Ctrl+N", "New project"), ("Ctrl+Z", "Undo"), ("Ctrl+Shift+Z", "Redo"), ("F1", "Help for what has focus"),
        ("Ctrl+.", "Stop the running job"), ("Esc", "Close the nearest small thing"), ("Ctrl+Q", "Close Otherwise"),
    )),
    KeySection("Start", (("1 to 9, 0", "Open a question"), ("Arrows", "Move between cards"))),
    KeySection("Data", (
        ("Arrows", "Move"), ("Digits", "Give the column a role"), ("T", "Change the type"), ("Ctrl+F", "Find"),
    )),
    KeySection("Graph", (
        ("V, N, E, B, U, O, R, K", "Select, node, directed, bidirected, undirected, circle end, roles, what is known"),
        ("Arrows", "Walk along edges: right to a child, left to a parent; with Shift select what is walked to as well"),
        ("Alt+arrows", "Move the node by 8 px"),
        ("Enter", "Rename"), ("Delete", "Remove"), ("F, +, −", "Fit, zoom in, zoom out"), ("Space", "Pan"),
        ("X, Y, A, L, S", "Exposure, outcome, adjusted, latent, selection"), ("Ctrl+D", "Put a do on the node"),
        ("Backspace", "Set the node free again"),
        ("Ctrl+A, Ctrl+I, G", "Select all, the others, the neighbours as well"), ("Ctrl+F", "Find a node by its name"),
        ("Ctrl+arrows, C", "Bring what is selected into line; centre it"), ("Ctrl+Shift+arrows", "Spread it evenly"),
        ("P", "Pin the node: layouts leave it where it is"), ("Ctrl+C, Ctrl+V", "Copy and paste nodes"),
        ("Shift+E", "Join the last two that were selected"),
        ("Shift+K", "Require the edge between the last two; again forbids it, again leaves it open"),
        ("Shift+O, Shift+Delete", "Turn the end of the edge between the last two, remove the edge"),
    )),
    KeySection("Methods", (
        ("Up, down", "Choose a method"), ("Tab", "Walk through the settings"), ("Ctrl+Enter", "Train"),
        ("Ctrl+Shift+Enter", "Add to the queue"),
    )),
    KeySection("Curves", (
        ("Arrows", "Move the cursor; with Shift ten steps"), ("+, −, 0", "Zoom in, zoom out, fit"), ("L", "Log axis"),
        ("[, ]", "Less or more smoothing"), ("1 to 9", "Show or hide a run"),
    )),
    KeySection("Counterfactual", (
        (", and .", "Previous and next factual"), ("D", "Difference on or off"),
        ("Space, held", "See the factual in the counterfactual's place"), ("Ctrl+E", "Export the figure"),
        ("Ctrl+C", "Copy the figure with its recipe"),
        ("Arrows", "On a slider: 1 %; with Shift ten times, with Alt a tenth"),
        ("Backspace", "On a slider: set the factor free"), ("H", "On a slider: hold it at its factual value"),
    )),
    KeySection("Jobs", (
        ("Up, down", "Choose a run"), ("Alt+up, down", "Move a queued run"), ("P", "Pause or go on"),
        ("Ctrl+.", "Stop the running job"), ("Enter", "Show or hide the log"),
    )),
    KeySection("Models", (
        ("Arrows", "Choose a model"), ("Enter", "Ask it"), ("Space", "Pick it to compare"),
        ("Ctrl+M", "Compare what is picked"), ("F2", "Rename"), ("Delete", "Remove"),
    )),
    KeySection("Results", (
        ("Arrows", "Choose a result"), ("Ctrl+E", "Export it"),
        ("A", "Accept the chosen rows, pictures or text"), ("C", "Correct"), ("X", "Drop"), ("M", "Mark"),
        ("Shift, Ctrl", "With a click or an arrow: choose several"), ("Ctrl+C", "In a table: copy the chosen rows"),
    )),
)


def section(title: str) -> KeySection | None:
    """The keys of one place by its name."""
    return next((found for found in KEYS if found.title == title), None)
