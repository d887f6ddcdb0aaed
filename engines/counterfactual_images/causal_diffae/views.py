"""How answers and figures are shown: grids of pictures and tables of factor values."""

from collections.abc import Sequence

import numpy as np

from engines.counterfactual_images.causal_diffae.factors import Factor, Factors
from engines.data.kinds import Column, ColumnType, Images, Table, number_column
from engines.results import ImageGridResult, TableResult


def picture_grid(images: Images, pixels: np.ndarray) -> ImageGridResult:
    """Counterfactual pictures (b, s, s, c) with the signed difference from the factual ones as heat."""
    return ImageGridResult("counterfactual", "Counterfactual", pixels, row_ids=images.row_ids,
                           columns=min(8, len(pixels)), heat=difference(images.pixels, pixels))


def difference(before: np.ndarray, after: np.ndarray) -> np.ndarray:
    """Change of brightness (b, s, s), -1..1, from pictures (b, s, s, c)."""
    return ((after.astype(np.float32) - before.astype(np.float32)) / 255).mean(axis=-1)


def value_table(images: Images, factors: Factors, before: np.ndarray, after: np.ndarray) -> TableResult:
    """Factor values (b, n) after, beside those before; what moved is marked."""
    def table(values: np.ndarray) -> Table:
        columns = tuple(_column(f, values[:, i]) for i, f in enumerate(factors.all))
        return Table(images.name, columns, images.row_ids.copy())

    return TableResult("factors", "Factors", table(after), changed=~np.isclose(before, after), factual=table(before),
                       of_data=True)


def pairs(name: str, title: str, before: np.ndarray, after: np.ndarray,
          captions: Sequence[str] = ()) -> ImageGridResult:
    """Pictures (b, s, s, c) in two rows: as they are above, as they were painted below, with the difference."""
    still = np.zeros(before.shape[:3], np.float32)
    return ImageGridResult(name, title, np.concatenate([before, after]), tuple(captions), columns=len(before),
                           heat=np.concatenate([still, difference(before, after)]))


def figure_table(name: str, title: str, rows: Sequence[str], figures: dict[str, Sequence[float]]) -> TableResult:
    """One row a factor, one column a figure."""
    labels = Column("factor", ColumnType.TEXT, np.array(rows, dtype=object))
    columns = (labels, *(number_column(column, np.asarray(values, float)) for column, values in figures.items()))
    return TableResult(name, title, Table(title, columns, np.arange(1, len(rows) + 1)))


def _column(factor: Factor, values: np.ndarray) -> Column:
    if factor.levels:
        return Column(factor.name, ColumnType.CATEGORY, values.astype(np.int32), factor.column.levels)
    return number_column(factor.name, values, factor.column.unit)
