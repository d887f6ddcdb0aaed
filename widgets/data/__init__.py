"""Views of data sets: the list, the table, one line a column, the pictures, pairs, one column, and what was read."""

from widgets.data.column_inspector import ColumnInspector
from widgets.data.columns_view import ColumnsView
from widgets.data.data_footer import DataFooter
from widgets.data.data_set_list import BusyCard, DataCard, DataSetList, RefusedCard, card_of
from widgets.data.image_grid import ImageGridView
from widgets.data.lists_view import ListsView
from widgets.data.match_view import MatchView
from widgets.data.pairs_view import PairsView
from widgets.data.roles import QUICK_ROLES, role_for_key, role_menu, role_word, type_after
from widgets.data.table_view import DataTableView

__all__ = [
    "QUICK_ROLES", "BusyCard", "ColumnInspector", "ColumnsView", "DataCard", "DataFooter", "DataSetList",
    "DataTableView", "ImageGridView", "ListsView", "MatchView", "PairsView", "RefusedCard", "card_of",
    "role_for_key", "role_menu", "role_word", "type_after",
]
