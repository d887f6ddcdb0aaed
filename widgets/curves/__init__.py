"""Curves: the live plot of runs, and the parts from which other plots are drawn."""

from widgets.curves.axis import Axis
from widgets.curves.content import CurveRun, CurveScalar
from widgets.curves.plot import CurvePlot
from widgets.curves.smoothing import smoothed
from widgets.curves.thinning import thin
from widgets.curves.trace import Gap, Trace

__all__ = ["Axis", "CurvePlot", "CurveRun", "CurveScalar", "Gap", "Trace", "smoothed", "thin"]
