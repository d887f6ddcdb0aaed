"""The engines as the application sees them: a thread a device with its lanes, and their face in the GUI thread."""

from studio.engine.engine import Engine
from studio.engine.engines import Engines
from studio.engine.job import Job

__all__ = ["Engine", "Engines", "Job"]
