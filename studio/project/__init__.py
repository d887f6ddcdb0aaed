"""The project on disk: a folder with a database, everything written as it happens."""

from studio.project.project import Project
from studio.project.recorder import Recorder
from studio.project.store import Edit, Kind, RunRecord, Series, Store, Unreadable

__all__ = ["Edit", "Kind", "Project", "Recorder", "RunRecord", "Series", "Store", "Unreadable"]
