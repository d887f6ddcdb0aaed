"""Text tables: what is found out by itself, and that the values are those in the file."""

from pathlib import Path

import numpy as np
import pytest

from engines.data.kinds import ColumnType, Table
from engines.data.reading import read, refer
from engines.data.reference import DataReference
from engines.data.refusing import DataRefusal, accept
from engines.data.roles import Role
from engines.refusals import Refusal


def table_of(folder: Path, content: bytes | str, name: str = "table.csv") -> Table:
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    data = read(refer(path))
    assert isinstance(data, Table)
    return data


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_the_separator_is_found(tmp_path: Path, separator: str) -> None:
    lines = [["dose", "group"], ["1.5", "a"], ["2.5", "b"], ["-3e2", "a"]]
    table = table_of(tmp_path, "\n".join(separator.join(line) for line in lines))
    assert table["dose"].values.tolist() == [1.5, 2.5, -300.0]
    assert table["group"].levels == ("a", "b")
    assert table["group"].values.tolist() == [0, 1, 0]
    assert table.row_ids.tolist() == [1, 2, 3]


def test_columns_apart_by_blanks_are_read(tmp_path: Path) -> None:
    table = table_of(tmp_path, "  x     y\n 1.0   2.5\n 3.25  4\n", "points.txt")
    assert table.numbers(["x", "y"]).tolist() == [[1.0, 2.5], [3.25, 4.0]]


def test_a_decimal_comma_is_understood_where_commas_do_not_separate(tmp_path: Path) -> None:
    table = table_of(tmp_path, "größe;name\n1,75;Jörg\n1,8;Zoë\n")
    assert table["größe"].values.tolist() == [1.75, 1.8]
    assert table["name"].levels == ("Jörg", "Zoë")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"])
def test_the_encoding_is_found(tmp_path: Path, encoding: str) -> None:
    table = table_of(tmp_path, "größe,n\nklein,1\nmäßig,2\n".encode(encoding))
    assert table.names == ("größe", "n")
    assert table["größe"].levels == ("klein", "mäßig")


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_line_ends_of_every_system_are_read(tmp_path: Path, end: str) -> None:
    table = table_of(tmp_path, end.join(["a,b", "1,2", "", "3,4", ""]))
    assert table.numbers(["a", "b"]).tolist() == [[1.0, 2.0], [3.0, 4.0]]


def test_quoted_separators_and_line_ends_belong_to_the_value(tmp_path: Path) -> None:
    table = table_of(tmp_path, 'note,n\n"one, two\nthree",1\n"say ""x""",2\nplain,3\n')
    assert table["note"].levels == ("one, two\nthree", "plain", 'say "x"')
    assert table["n"].values.tolist() == [1, 2, 3]


def test_a_mark_inside_a_word_is_a_letter(tmp_path: Path) -> None:
    table = table_of(tmp_path, 'pipe,n\n5" wide,1\nnarrow,2\nother,3\n')
    assert '5" wide' in table["pipe"].levels


def test_a_missing_header_is_noticed(tmp_path: Path) -> None:
    table = table_of(tmp_path, "1,2.5\n3,4.5\n")
    assert table.names == ("column 1", "column 2")
    assert table.row_ids.tolist() == [1, 2]
    assert table["column 1"].values.tolist() == [1, 3]


def test_a_nameless_column_is_numbered(tmp_path: Path) -> None:
    assert table_of(tmp_path, ",b\n1,2\n3,4\n").names == ("column 1", "b")


@pytest.mark.parametrize("marker", ["", "NA", "?", "nan", "null", "N/A", " "])
def test_markers_of_missing_values(tmp_path: Path, marker: str) -> None:
    table = table_of(tmp_path, f"x,g\n1,a\n{marker},{marker}\n3,b\n")
    assert table["x"].missing.tolist() == [False, True, False]
    assert table["g"].missing.tolist() == [False, True, False]
    assert table["x"].whole


def test_infinity_is_a_number_and_not_missing(tmp_path: Path) -> None:
    column = table_of(tmp_path, "x,y\n1,2\ninf,2\n-inf,3\n")["x"]
    assert column.type is ColumnType.NUMBER
    assert column.values.tolist() == [1, np.inf, -np.inf]


def test_types_and_roles_are_guessed(tmp_path: Path) -> None:
    rows = "".join(f"{i},{i * 0.5},{'train' if i % 5 else 'test'},free text number {i},{i % 3}\n" for i in range(200))
    table = table_of(tmp_path, "id,dose,split,note,arm\n" + rows)
    assert [str(c.type) for c in table.columns] == ["number", "number", "category", "text", "number"]
    assert [c.role for c in table.columns] == [Role.ID, Role.FACTOR, Role.SPLIT, Role.FACTOR, Role.FACTOR]
    assert [c.whole for c in table.columns] == [True, False, False, False, True]


def test_levels_that_are_numbers_are_sorted_by_size(tmp_path: Path) -> None:
    table = table_of(tmp_path, "g,x\n10,1\n9,2\nlow,3\n")
    assert table["g"].levels == ("9", "10", "low")


def test_leaving_out_uneven_lines_keeps_the_ids_of_the_others(tmp_path: Path) -> None:
    path = tmp_path / "ragged.csv"
    path.write_text("a,b\n1,2\n3,4,5\n6,7\n8,9\n")
    reference = refer(path)
    with pytest.raises(DataRefusal) as caught:
        read(reference)
    assert caught.value.lists["Uneven lines"] == ("line 3",)
    mended = accept(reference, caught.value, "Leave out the line")
    assert mended is not None
    table = read(mended)
    assert table.row_ids.tolist() == [1, 3, 4]
    assert table.attributes["a"].values.tolist() == [1, 6, 8]


def test_numbering_columns_of_one_name(tmp_path: Path) -> None:
    path = tmp_path / "twice.csv"
    path.write_text("x,x,y\n1,2,3\n4,5,6\n")
    reference = refer(path)
    with pytest.raises(DataRefusal) as caught:
        read(reference)
    mended = accept(reference, caught.value, "Number them")
    assert mended is not None
    assert read(mended).attributes.names == ("x", "x 2", "y")


def test_a_file_that_changed_is_refused_until_it_is_read_again(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text("a,b\n1,2\n3,4\n")
    reference = refer(path)
    path.write_text("a,b\n1,2\n3,5\n")
    with pytest.raises(Refusal, match=r"t\.csv has changed since it was chosen") as caught:
        read(reference)
    again = accept(reference, caught.value, "Read again")
    assert again is not None
    assert read(again).attributes["b"].values.tolist() == [2, 5]


def test_given_types_and_roles_win_over_the_guess(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text("arm,code\n0,1\n1,02\n0,x\n")
    reference = DataReference(str(path), roles={"arm": "treatment"}, types={"arm": "category"})
    table = read(reference).attributes
    assert table["arm"].levels == ("0", "1")
    assert table["arm"].role is Role.TREATMENT
    with pytest.raises(Refusal, match="Column code cannot be a number: row 3 holds x"):
        read(DataReference(str(path), types={"code": "number"}))


def test_the_sachs_table_is_the_one_in_the_file(shared_data: Path) -> None:
    path = shared_data / "sachs_cytometry.csv"
    table = read(refer(path)).attributes
    expected = np.loadtxt(path, delimiter=",", skiprows=1)
    assert len(table) == 7466
    assert np.array_equal(table.numbers(table.names), expected)


def test_the_covariates_of_acic_have_three_categories(shared_data: Path) -> None:
    table = read(refer(shared_data / "acic2016_covariates.csv")).attributes
    assert len(table) == 4802
    assert [c.name for c in table.columns if c.type is ColumnType.CATEGORY] == ["x_2", "x_21", "x_24"]


def test_quoted_numbers_may_be_grouped(tmp_path: Path) -> None:
    table = table_of(tmp_path, 'income,n\n"1,204",1\n"12,000.5",2\n950,3\n')
    assert table["income"].values.tolist() == [1204, 12000.5, 950]
