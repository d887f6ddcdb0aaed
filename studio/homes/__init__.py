"""Where panels live: homes with splitters in the gaps between them, windows of their own, and how that is kept."""

from studio.homes.arrangement import Arrangement, Frame, Home
from studio.homes.homes import GAP, LOW, NARROW, WIDE, Homes

__all__ = ["GAP", "LOW", "NARROW", "WIDE", "Arrangement", "Frame", "Home", "Homes"]
