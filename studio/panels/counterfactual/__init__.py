"""The Counterfactual panel: one module a mode."""

from studio.panels.counterfactual.panel import CounterfactualPanel
from studio.panels.counterfactual.traversal import STEPS

__all__ = ["STEPS", "CounterfactualPanel"]
