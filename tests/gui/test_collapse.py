"""Where bars and homes lie at the sizes of the design, and what gives way, in its order, as the window gets smaller."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, QRect
from PySide6.QtWidgets import QApplication, QWidget

NEAR = 2                # px

PLACES = {
    (1440, 900): {
        "top": (0, 0, 1440, 44), "question": (8, 44, 1424, 48), "Graph": (8, 100, 504, 368),
        "Curves": (8, 476, 504, 376), "Counterfactual": (520, 100, 912, 752), "strip": (0, 860, 1440, 40),
    },
    (1280, 720): {
        "top": (0, 0, 1280, 44), "question": (8, 44, 1264, 44), "Graph": (8, 96, 424, 312),
        "Curves": (8, 416, 424, 260), "Counterfactual": (440, 96, 832, 580), "strip": (0, 684, 1280, 36),
    },
}
INSIDE = {              # from the top of the Counterfactual panel
    (1440, 900): {"captions": 50, "tiles": 74, "side": 280, "rows": (430, 490, 550), "strip": 602},
    (1280, 720): {"captions": 50, "tiles": 74, "side": 252, "rows": (390, 444, 498), "strip": 540},
}


def place(window: QWidget, widget: QWidget) -> QRect:
    return QRect(widget.mapTo(window, QPoint(0, 0)), widget.size())


async def opened(analyst, size: tuple[int, int]) -> None:
    await analyst.open_sample("morpho_digits")
    await analyst.until(lambda: analyst.desk.exploration.subject is not None, analyst.desk.exploration.subject_changed)
    await analyst.answered()
    resized(analyst.window, size)


def resized(window: QWidget, size: tuple[int, int]) -> None:
    window.resize(*size)
    for _ in range(5):                          # a layout within a layout asks for its room one round later
        QApplication.sendPostedEvents()


@pytest.mark.parametrize("size", [(1440, 900), pytest.param((1280, 720), marks=pytest.mark.robustness)])
def test_bars_and_homes_lie_where_the_design_has_them(analyst, finish, size):
    window = analyst.window

    async def story() -> None:
        await opened(analyst, size)
        widgets = {name: window.homes.panel(name) for name in ("Graph", "Curves", "Counterfactual")}
        widgets |= {"top": window.top, "question": window.question, "strip": window.strip}
        for name, wanted in PLACES[size].items():
            found = place(window, widgets[name])
            apart = [abs(a - b) for a, b in zip(wanted, (found.x(), found.y(), found.width(), found.height()))]
            assert max(apart) <= NEAR, f"{name} lies at {found}, not at {wanted}"

    finish(story(), 60)


@pytest.mark.parametrize("size", [pytest.param((1440, 900), marks=pytest.mark.robustness), (1280, 720)])
def test_pictures_rows_and_traversal_lie_where_the_design_has_them(analyst, finish, size):
    window, wanted = analyst.window, INSIDE[size]

    async def story() -> None:
        await opened(analyst, size)
        panel = window.homes.panel("Counterfactual")
        tiles = panel._triptych
        assert abs(place(panel, tiles).y() - wanted["captions"]) <= NEAR
        assert abs(place(panel, tiles).y() + tiles.factual.square().top() - wanted["tiles"]) <= NEAR
        assert tiles.side() == wanted["side"]
        names = ("thickness", "intensity", "digit")
        rows = [place(panel, panel._rows.row(name)).y() for name in names]
        assert rows == pytest.approx(wanted["rows"], abs=NEAR)
        assert place(panel, panel._strip).y() == pytest.approx(wanted["strip"], abs=NEAR)
        assert panel._strip.is_folded() is (size[1] < 800)
        last = place(panel, panel._rows.row("digit"))
        assert last.bottom() <= place(panel, panel._rows).bottom()      # no factor is cut off

    finish(story(), 60)


def test_what_gives_way_first(analyst, finish):
    window = analyst.window

    async def story() -> None:
        await opened(analyst, (1440, 900))
        panel = window.homes.panel("Counterfactual")
        tiles, homes = panel._triptych, window.homes
        assert window.top._commands.isVisibleTo(window)
        assert panel._do_note.isVisibleTo(panel)
        assert set(homes.shown()) == {"Graph", "Curves", "Counterfactual"}

        resized(window, (1440, 780))            # low: the traversal folds, helper lines go
        assert panel._strip.is_folded()
        assert not panel._do_note.isVisibleTo(panel)
        assert window.top._commands.isVisibleTo(window)

        resized(window, (1400, 900))            # below 1440: a lens in place of the command field
        assert not panel._strip.is_folded()
        assert not window.top._commands.isVisibleTo(window)
        assert window.top._search.isVisibleTo(window)

        side = tiles.side()
        resized(window, (1180, 700))            # smaller: tiles step down by whole multiples of their pixels
        assert tiles.side() < side
        assert tiles.side() % 28 == 0

        resized(window, (1179, 700))            # Curves comes as a tab into the home of the graph
        assert place(window, window.homes.panel("Graph")).width() == pytest.approx(300, abs=NEAR)
        assert place(window, window.homes.panel("Counterfactual")).width() >= 640
        homes.show("Curves")
        assert set(homes.shown()) == {"Curves", "Counterfactual"}
        homes.show("Graph")
        assert set(homes.shown()) == {"Graph", "Counterfactual"}

        resized(window, (1024, 640))            # the smallest window: what never goes is there, and within it
        for widget in (window.question, tiles.factual, tiles.counterfactual, panel._rows.row("thickness")):
            assert widget.isVisibleTo(window)
            assert window.rect().contains(place(window, widget))
        assert window.size().width() == 1024

        resized(window, (1620, 1000))           # and large ones show larger pictures
        assert tiles.side() == 308
        resized(window, (1920, 1080))
        assert tiles.side() > 308

    finish(story(), 60)
