"""The Data page's keys that lead elsewhere: find in the table, and ask about a picture."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest


def test_ctrl_f_finds_a_column_and_says_when_there_is_none(analyst, tmp_path, finish):
    path = tmp_path / "cities.csv"
    path.write_text("town,heat\n" + "".join(f"t{i},{i * 1.5}\n" for i in range(40)))

    async def story() -> None:
        await analyst.read([path])
        page = analyst.window.rooms.data
        page.table.setFocus()
        QTest.keyClick(page.table, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
        QTest.keyClicks(page._find, "heat")
        QTest.keyClick(page._find, Qt.Key.Key_Return)
        assert page.table.column() == "heat"
        page._find.setText("t27")
        QTest.keyClick(page._find, Qt.Key.Key_Return)
        assert page.table.currentIndex().row() == 27
        page._find.setText("nowhere")
        QTest.keyClick(page._find, Qt.Key.Key_Return)
        assert "No cell and no column holds “nowhere”" in page._find.toolTip()

    finish(story())


def test_enter_on_a_picture_asks_about_it(analyst, finish):
    async def story() -> None:
        window, exploration = analyst.window, analyst.desk.exploration
        await analyst.open_sample("morpho_digits")
        await analyst.until(lambda: exploration.subject is not None, exploration.subject_changed)
        window.show_panel("Data")
        images = window.rooms.data.images
        wanted = int(np.asarray(exploration.subject.data.row_ids)[3])
        images.set_rows([wanted])
        images.setFocus()
        QTest.keyClick(images, Qt.Key.Key_Return)
        assert exploration.wish.item == wanted
        assert window.page() == "Desk"
        assert "Counterfactual" in window.homes.shown()

    finish(story(), 60)
