"""What is asked about an effect, as chips to choose nodes in: what is set, what follows, what is known."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import Literal

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from engines.graph.graph import Graph, Mark
from widgets.kit.button import Button
from widgets.kit.chip import AddChip
from widgets.kit.label import Label
from widgets.kit.menu import Menu

Part = Literal["do", "outcomes", "given"]


@dataclass(frozen=True)
class EffectQuery:
    """P(outcomes | do(do), given), each in the order of the graph's nodes."""

    do: tuple[str, ...] = ()
    outcomes: tuple[str, ...] = ()
    given: tuple[str, ...] = ()

    @staticmethod
    def marked(graph: Graph, selected: str = "") -> EffectQuery:
        """The effect of what is marked as exposure, or is selected, on what is marked as outcome."""
        def having(mark: Mark) -> tuple[str, ...]:
            return tuple(node.name for node in graph.nodes if mark in node.marks)

        causes = having(Mark.EXPOSURE) or ((selected,) if selected in graph else ())
        return EffectQuery(causes, tuple(name for name in having(Mark.OUTCOME) if name not in causes))

    @property
    def complete(self) -> bool:
        return bool(self.do and self.outcomes)

    def within(self, graph: Graph) -> EffectQuery:
        """Without nodes that the graph has not."""
        return EffectQuery(*(
            tuple(name for name in names if name in graph) for names in (self.do, self.outcomes, self.given)
        ))

    def turned(self, part: Part, name: str, graph: Graph) -> EffectQuery:
        """With a node in one part, or out of it if it was there; it leaves the others."""
        parts = {one: [n for n in getattr(self, one) if n != name] for one in ("do", "outcomes", "given")}
        if name not in getattr(self, part):
            parts[part].append(name)
        return replace(self, **{
            one: tuple(n for n in graph.names if n in names) for one, names in parts.items()
        })


class QueryChips(QWidget):
    """"Effect of [dose] on [recovery] given [age]": each opens a menu of the observed nodes; + adds the last part."""

    changed = Signal(object)                # EffectQuery, by the user's hand

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._graph, self._query = Graph(), EffectQuery()
        self._chips: dict[Part, Button] = {}
        self._labels: dict[Part, Label] = {}
        self.add = AddChip(self.tr("Add what is known"))        # in the place of "given nothing"
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(6)
        for part, word in self._words().items():
            self._labels[part] = Label(word, "second", "t2")
            row.addWidget(self._labels[part])
            chip = Button("", "plain", menu=True, height=24)
            chip.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
            chip.clicked.connect(partial(self._ask, part))
            self._chips[part] = chip
            row.addWidget(chip)
        row.addWidget(self.add)
        row.addStretch(1)
        self.add.clicked.connect(partial(self._ask, "given"))

    def _words(self) -> dict[Part, str]:
        return {"do": self.tr("Effect of"), "outcomes": self.tr("on"), "given": self.tr("given")}

    def query(self) -> EffectQuery:
        return self._query

    def chip(self, part: Part) -> Button:
        return self._chips[part]

    def set_query(self, graph: Graph, query: EffectQuery) -> None:
        """Show a query about a graph."""
        self._graph, self._query = graph, query
        for part, word in self._words().items():
            names: tuple[str, ...] = getattr(query, part)
            nothing = self.tr("choose")
            told = ", ".join(names[:2]) + (self.tr(" and {} more").format(len(names) - 2) if len(names) > 2 else "")
            self._chips[part].set_text(told if len(told) <= 24 else f"{told[:22]}…")
            if not names:
                self._chips[part].set_text(nothing)
            self._chips[part].setToolTip(", ".join(names))
            self._chips[part].setAccessibleName(f"{word} {', '.join(names) or nothing}")
        self.add.setVisible(not query.given)
        for widget in (self._labels["given"], self._chips["given"]):
            widget.setVisible(bool(query.given))

    def menu(self, part: Part) -> Menu:
        """The nodes to choose from; those that are latent or selected cannot be asked for."""
        menu = Menu(parent=self)
        chosen: tuple[str, ...] = getattr(self._query, part)
        for node in self._graph.nodes:
            off = ""
            if Mark.LATENT in node.marks:
                off = self.tr("{} is latent").format(node.name)
            elif Mark.SELECTED in node.marks:
                off = self.tr("{} selects the rows").format(node.name)
            menu.add(node.name, self._turning(part, node.name), on=node.name in chosen, off_because=off)
        return menu

    def _turning(self, part: Part, name: str) -> Callable[[], None]:
        return lambda: self.changed.emit(self._query.turned(part, name, self._graph))

    def _ask(self, part: Part) -> None:
        menu = self.menu(part)
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup_under(self._chips[part] if self._chips[part].isVisible() else self.add)
