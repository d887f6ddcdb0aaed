"""Recorded preparation and splits: what is learnt comes from the training part, and nothing depends on row order."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from engines.data import splits, steps
from engines.data.kinds import Images, Table, category_column, number_column, table_of
from engines.data.reading import read, refer
from engines.data.refusing import DataRefusal
from engines.data.roles import Role
from engines.refusals import Refusal

NAN = float("nan")


def table() -> Table:
    return table_of("t", [
        number_column("dose", [1.0, 10.0, 100.0, NAN], unit="mg"),
        category_column("arm", ["a", "b", "b", None]),
        number_column("zero", [0.0, 1.0, 3.0, 7.0]),
    ])


def test_the_logarithm_is_natural_and_says_so() -> None:
    column = steps.apply(table(), [{"step": "logarithm", "columns": ["dose"]}]).attributes["dose"]
    assert np.allclose(column.values[:3], np.log([1, 10, 100]))
    assert np.isnan(column.values[3])
    assert column.unit == "log mg"


def test_a_column_with_zeros_is_offered_the_shifted_logarithm() -> None:
    with pytest.raises(DataRefusal, match="Column zero has no logarithm: its smallest value is 0") as caught:
        steps.apply(table(), [{"step": "logarithm", "columns": ["zero"]}])
    step = caught.value.remedies["Use log(1 + x)"]
    assert np.allclose(steps.apply(table(), [step]).attributes["zero"].values, np.log1p([0, 1, 3, 7]))


def test_standardising_learns_from_the_training_part_alone() -> None:
    values = steps.apply(table(), [{"step": "standardise", "columns": ["zero"]}], np.array([1, 2])).attributes["zero"]
    assert np.allclose(values.values, (np.array([0, 1, 3, 7]) - 0.5) / 0.5)


def test_imputing_takes_the_median_and_the_commonest_level_of_the_training_part() -> None:
    done = steps.apply(table(), [{"step": "impute"}], np.array([1, 2, 4])).attributes
    assert done["dose"].values[3] == 5.5
    assert done["arm"].label(3) == "a"
    done = steps.apply(table(), [{"step": "impute"}]).attributes
    assert done["arm"].label(3) == "b"


def test_rows_are_kept_and_dropped_by_their_ids() -> None:
    shuffled = table().rows([3, 0, 2, 1])
    assert steps.apply(shuffled, [{"step": "keep_rows", "rows": [1, 4]}]).row_ids.tolist() == [4, 1]
    assert steps.apply(shuffled, [{"step": "drop_rows", "rows": [1, 4]}]).row_ids.tolist() == [3, 2]
    with pytest.raises(Refusal, match="No row of t would be left"):
        steps.apply(shuffled, [{"step": "keep_rows", "rows": [9]}])


def test_values_are_corrected_by_row_id_and_nothing_else_changes() -> None:
    shuffled = table().rows([3, 0, 2, 1])
    done = steps.apply(shuffled, [
        {"step": "correct_values", "column": "arm", "values": {"2": "a", "4": "c", "99": "b"}},
        {"step": "correct_values", "column": "dose", "values": {"4": 7.5}},
        {"step": "set_name", "name": "t, 3 corrected"},
    ])
    by_id = {int(row): (done["arm"].label(i), done["dose"].label(i)) for i, row in enumerate(done.row_ids)}
    assert by_id == {4: ("c", 7.5), 1: ("a", 1.0), 3: ("b", 100.0), 2: ("a", 10.0)}
    assert done["arm"].levels == ("a", "b", "c")
    assert done.name == "t, 3 corrected"
    assert shuffled["arm"].label(0) is None, "what it was made of stays as it was"
    with pytest.raises(Refusal, match="Row 4 of dose cannot become much, which is not a number"):
        steps.apply(shuffled, [{"step": "correct_values", "column": "dose", "values": {"4": "much"}}])


def test_rows_are_dropped_by_what_they_miss_and_keep_their_ids() -> None:
    done = steps.apply(table().rows([3, 2, 1, 0]), [{"step": "drop_missing_rows", "columns": ["dose"]}])
    assert done.row_ids.tolist() == [3, 2, 1]
    infinite = table().with_column(number_column("zero", [0, np.inf, 3, 7]))
    assert steps.apply(infinite, [{"step": "drop_missing_rows", "columns": ["zero"]}]).row_ids.tolist() == [1, 3, 4]


def test_a_range_of_rows_counts_ids_not_places() -> None:
    done = steps.apply(table().rows([3, 1, 0]), [{"step": "row_range", "first": 2, "last": 4}])
    assert done.row_ids.tolist() == [4, 2]
    with pytest.raises(Refusal, match="No row lies between 90 and 99"):
        steps.apply(table(), [{"step": "row_range", "first": 90, "last": 99}])


def test_a_column_that_is_left_out_stays_in_sight() -> None:
    done = steps.apply(table(), [{"step": "leave_out_columns", "columns": ["arm"]}]).attributes
    assert done["arm"].role is Role.LEFT_OUT
    assert done.names == table().names


def test_units_and_whole_numbers_can_be_stated() -> None:
    done = steps.apply(table(), [{"step": "set_unit", "columns": ["zero"], "unit": "cm"},
                                 {"step": "set_whole", "columns": ["zero"], "whole": False}]).attributes["zero"]
    assert (done.unit, done.whole) == ("cm", False)
    broken = table_of("t", [number_column("x", [1.0, 1.5])])
    with pytest.raises(Refusal, match=r"Column x holds 1\.5, which is not a whole number"):
        steps.apply(broken, [{"step": "set_whole", "columns": ["x"], "whole": True}])


def test_grey_is_luma_and_colour_is_grey_repeated() -> None:
    pixels = np.zeros((1, 1, 2, 3), np.uint8)
    pixels[0, 0, 0] = (255, 0, 0)
    pixels[0, 0, 1] = (0, 255, 0)
    images = Images("i", pixels, table_of("i", [number_column("a", [1.0])]))
    grey = steps.apply(images, [{"step": "convert_images", "channels": 1}])
    assert isinstance(grey, Images)
    assert grey.pixels[0, 0, :, 0].tolist() == [76, 150]
    back = steps.apply(grey, [{"step": "convert_images", "channels": 3}])
    assert isinstance(back, Images)
    assert back.pixels[0, 0].tolist() == [[76] * 3, [150] * 3]


def test_resizing_keeps_the_mean_of_what_it_joins() -> None:
    pixels = np.random.default_rng(0).integers(0, 256, (2, 8, 8, 3), np.uint8)
    images = Images("i", pixels, table_of("i", [number_column("a", [1.0, 2.0])]))
    half = steps.apply(images, [{"step": "resize_images", "height": 4, "width": 4}])
    assert isinstance(half, Images)
    means = pixels.reshape(2, 4, 2, 4, 2, 3).mean(axis=(2, 4))
    assert np.abs(half.pixels - means).max() <= 1                 # rounded once along each axis


def test_an_unknown_step_names_the_known_ones() -> None:
    with pytest.raises(Refusal, match="There is no preparation step called whiten"):
        steps.apply(table(), [{"step": "whiten"}])


def test_the_raw_table_is_left_as_it_was() -> None:
    raw = table()
    before = raw["dose"].values.copy()
    steps.apply(raw, [{"step": "logarithm", "columns": ["dose"]}, {"step": "impute"}])
    assert np.array_equal(raw["dose"].values, before, equal_nan=True)


# ---------------------------------------------------------------------------------------------------------- splits


def test_shares_are_exact_and_seeded() -> None:
    ids = np.arange(1, 1001)
    part = splits.drawn(ids, {"train": 0.8, "test": 0.2}, seed=1)
    assert (part == "train").sum() == 800
    assert np.array_equal(part, splits.drawn(ids, {"train": 0.8, "test": 0.2}, seed=1))
    other = splits.drawn(ids, {"train": 0.8, "test": 0.2}, seed=2)
    overlap = np.mean((part == "test")[other == "test"])
    assert 0.1 < overlap < 0.3                       # two seeds are independent: a fifth of a fifth is shared


def test_the_part_of_a_row_does_not_depend_on_the_order_of_the_rows() -> None:
    ids = np.arange(1, 501)
    order = np.random.default_rng(0).permutation(500)
    part = splits.drawn(ids, {"train": 0.7, "val": 0.1, "test": 0.2}, seed=3)
    assert np.array_equal(splits.drawn(ids[order], {"train": 0.7, "val": 0.1, "test": 0.2}, 3), part[order])


def test_shares_must_sum_to_one() -> None:
    with pytest.raises(Refusal, match=r"The shares of a split must sum to 1; train 0.8, test 0.3 do not"):
        splits.drawn(np.arange(4), {"train": 0.8, "test": 0.3}, 0)


def test_parts_are_disjoint_and_dropping_rows_moves_none(tmp_path: Path) -> None:
    rows = "".join(f"{'NA' if i % 7 == 0 else i},{i * 2}\n" for i in range(1, 301))
    (tmp_path / "t.csv").write_text("x,y\n" + rows)
    reference = replace(refer(tmp_path / "t.csv"), split={"train": 0.75, "test": 0.25, "seed": 5})
    train, test = (read(replace(reference, part=part)).row_ids for part in ("train", "test"))
    assert len(train) == 225
    assert set(train) | set(test) == set(range(1, 301))
    dropped = replace(reference, steps=({"step": "drop_missing_rows"},), part="train")
    assert set(read(dropped).row_ids) == {i for i in train if i % 7}


def test_fitted_steps_use_the_training_part_whatever_part_is_read(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("x,part\n0,train\n2,train\n100,test\n")
    base = refer(tmp_path / "t.csv")
    reference = replace(base, roles={"part": "split"}, steps=({"step": "standardise", "columns": ["x"]},), part="test")
    assert read(reference).attributes["x"].values.tolist() == [99.0]
    with pytest.raises(Refusal, match="t has no row in the part val"):
        read(replace(reference, part="val"))
