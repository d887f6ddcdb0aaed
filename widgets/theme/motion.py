"""Does the platform ask for less motion? Qt tells contrast but not this, so it is read where it can be read."""

from __future__ import annotations

import configparser
import os
import plistlib
import sys
from pathlib import Path

_WINDOWS_CLIENT_AREA_ANIMATION = 0x1042


def system_reduces_motion() -> bool:
    """Whether the desktop's own setting asks for reduced motion; False where it cannot be known."""
    if sys.platform == "win32":
        return _windows()
    home = Path.home()
    if sys.platform == "darwin":
        return _macos(home / "Library" / "Preferences" / "com.apple.universalaccess.plist")
    return linux_reduces_motion(Path(os.environ.get("XDG_CONFIG_HOME") or home / ".config"))


def linux_reduces_motion(folder: Path) -> bool:
    """Read the GTK and KDE settings in a configuration folder."""
    gtk = _setting(folder / "gtk-4.0" / "settings.ini", "Settings", "gtk-enable-animations")
    kde = _setting(folder / "kdeglobals", "KDE", "AnimationDurationFactor")
    return gtk.lower() in ("0", "false") or kde in ("0", "0.0")


def _setting(file: Path, section: str, key: str) -> str:
    parser = configparser.ConfigParser(strict=False, interpolation=None)
    try:
        parser.read(file, encoding="utf-8")
    except (configparser.Error, OSError, UnicodeDecodeError):
        return ""
    return parser.get(section, key, fallback="").strip()


def _macos(file: Path) -> bool:
    try:
        return bool(plistlib.loads(file.read_bytes()).get("reduceMotion", False))
    except (OSError, plistlib.InvalidFileException, ValueError):
        return False


if sys.platform == "win32":

    def _windows() -> bool:
        import ctypes

        animated = ctypes.c_int(1)
        reach = ctypes.windll.user32.SystemParametersInfoW
        known = reach(_WINDOWS_CLIENT_AREA_ANIMATION, 0, ctypes.byref(animated), 0)
        return bool(known) and not animated.value
