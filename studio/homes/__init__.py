"""Where panels live: homes with splitters in the gaps between them, windows of their own, and how that is kept."""

from studio.homes.arrangement import Arrangement, Frame, Home
from studio.homes.homes import Homes
from studio.homes.sizes import LOW, WIDE

__all__ = ["LOW", "WIDE", "Arrangement", "Frame", "Home", "Homes"]
