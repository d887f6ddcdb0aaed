"""The application dressed with the theme; each test leaves the settings as they were."""

from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QApplication

from widgets.theme import appearance


@pytest.fixture(scope="session")
def _theme_installed(qapp: QApplication) -> QApplication:
    appearance().install(qapp)
    return qapp


@pytest.fixture
def dressed(_theme_installed: QApplication) -> Iterator[QApplication]:
    look = appearance()
    look.set_scheme("light")
    yield _theme_installed
    look.set_scheme("light")
    look.set_text_scale(100)
    look.set_contrast("system")
    look.set_motion("system")
