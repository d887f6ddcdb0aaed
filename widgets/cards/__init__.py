"""Cards: a thing in small, to choose from. They show what they are given and know nothing of runs or methods."""

from widgets.cards.compare_table import CompareRow, CompareSection, CompareTable
from widgets.cards.drawings import Drawing, drawing_of, graph_drawing
from widgets.cards.facts import Facts
from widgets.cards.figures import figure_of, value_text
from widgets.cards.model_card import ModelCard
from widgets.cards.result_card import ResultCard

__all__ = [
    "CompareRow", "CompareSection", "CompareTable", "Drawing", "Facts", "ModelCard", "ResultCard", "drawing_of",
    "figure_of", "graph_drawing", "value_text",
]
