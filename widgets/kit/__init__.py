"""The kit: the small widgets of which every panel is made. Panels compose these and draw nothing of their own."""

from widgets.kit.action import Action
from widgets.kit.button import Button, ButtonKind
from widgets.kit.chip import AddChip, Chip, ChipKind
from widgets.kit.control import Control
from widgets.kit.drop_zone import DropZone, Recognised, Recogniser, local_paths
from widgets.kit.focus_ring import FocusRing
from widgets.kit.fold_header import FoldHeader
from widgets.kit.follow import follow_theme
from widgets.kit.histogram import paint_histogram
from widgets.kit.key_hint import KeyHint
from widgets.kit.label import Divider, Hairline, Label
from widgets.kit.menu import Menu
from widgets.kit.message_bar import AdviceBar, ErrorBar, MessageBar, MessageKind
from widgets.kit.panel_frame import PanelFrame
from widgets.kit.panel_header import PanelHeader
from widgets.kit.pill import Pill, PillKind, paint_pill
from widgets.kit.progress_bar import ProgressBar
from widgets.kit.question_card import QuestionCard
from widgets.kit.recent_row import RecentRow
from widgets.kit.sample_card import Drawing, SampleCard
from widgets.kit.scroll_column import ScrollColumn
from widgets.kit.search_field import SearchField
from widgets.kit.segmented import Segmented
from widgets.kit.state_view import EmptyOr, Sign, State, StateKind, StateView
from widgets.kit.surface import Surface
from widgets.kit.switch import Switch
from widgets.kit.tool_button import ToolButton
from widgets.kit.value_box import ValueBox, ValueState

__all__ = [
    "Action", "AddChip", "AdviceBar", "Button", "ButtonKind", "Chip", "ChipKind", "Control", "Divider", "Drawing",
    "DropZone", "EmptyOr", "ErrorBar", "FocusRing", "FoldHeader", "Hairline", "KeyHint", "Label", "Menu",
    "MessageBar",
    "MessageKind", "PanelFrame", "PanelHeader", "Pill", "PillKind", "ProgressBar", "QuestionCard", "RecentRow",
    "Recognised", "Recogniser", "SampleCard", "ScrollColumn", "SearchField", "Segmented", "Sign", "State", "StateKind",
    "StateView", "Surface", "Switch", "ToolButton", "ValueBox", "ValueState", "follow_theme", "local_paths",
    "paint_histogram", "paint_pill",
]
