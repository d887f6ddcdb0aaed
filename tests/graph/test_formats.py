"""Files of graphs: what is written is read back, what others write is read, what is broken is refused by its line."""

from __future__ import annotations

import csv
import io
import json
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import networkx as nx
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from engines.graph import formats
from engines.graph.graph import Edge, End, Graph, Mark, Node, bidirected, undirected
from engines.refusals import Refusal
from tests.graph.random_graphs import alike, graphs

WHOLE = ("g.json", "g.dot", "g.graphml", "g.gml", "g.csv", "g.tsv", "g.txt", "g.adjacency.csv",
         "g.lav", "g.tetrad", "g.tex", "g.bif")

FULL = Graph(
    (
        Node("a b", frozenset({Mark.EXPOSURE}), (10.5, -20.0)),
        Node('say "hi"', frozenset({Mark.LATENT, Mark.SELECTED})),
        Node("ß→∑", position=(0.1, 1e-7)),
        Node("alone", frozenset({Mark.INTERVENED})),
        Node("y", frozenset({Mark.OUTCOME})),
    ),
    (
        Edge("a b", "y", weight=-0.1, frequency=0.84), bidirected("a b", "y"), undirected("ß→∑", "y"),
        Edge('say "hi"', "y", End.CIRCLE, End.ARROW), Edge("a b", "ß→∑", End.CIRCLE, End.CIRCLE, weight=1.0),
        Edge("y", "alone", End.ARROW, End.TAIL), Edge("a b", 'say "hi"', End.CIRCLE, End.TAIL),
    ),
)


@pytest.mark.parametrize("name", WHOLE)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(graph=graphs())
@example(graph=FULL)
def test_what_is_composed_is_parsed_back(name: str, graph: Graph) -> None:
    assert alike(formats.parse(formats.compose(graph, name), name), graph)


@pytest.mark.robustness
@pytest.mark.parametrize("name", WHOLE)
@settings(max_examples=1000, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(graph=graphs())
def test_a_thousand_graphs_are_parsed_back(name: str, graph: Graph) -> None:
    again = formats.parse(formats.compose(graph, name), name)
    assert alike(again, graph)
    text = formats.compose(again, name)                     # and the other way: text, graph, the same text
    assert formats.compose(formats.parse(text, name), name) == text


@pytest.mark.parametrize("graph", [
    Graph((Node("x"), Node("y")), (Edge("x", "y", weight=1.0), bidirected("x", "y"))),
    Graph((Node("x"), Node("y"), Node("z")), (Edge("x", "y"), Edge("z", "y", weight=2.0))),
    Graph((Node("x"), Node("y")), (Edge("x", "y", weight=0.0),)),
])
def test_a_matrix_keeps_weights_apart_from_edges_without(graph: Graph) -> None:
    text = formats.compose(graph, "g.adjacency.csv")
    assert text.startswith('"","x","y"')
    assert alike(formats.parse(text, "g.csv"), graph)


@pytest.mark.parametrize("name", WHOLE)
def test_files_round_trip_and_leave_no_parts(name: str, tmp_path: Path) -> None:
    formats.write(FULL, tmp_path / name)
    assert alike(formats.read(tmp_path / name), FULL)
    assert [file.name for file in tmp_path.iterdir()] == [name]


def test_a_file_of_dagitty_comes_in_px(tmp_path: Path) -> None:
    (tmp_path / "g.txt").write_text('dag { a [pos="0,0"] b [pos="1,0"] a -> b }')
    assert formats.read(tmp_path / "g.txt").node("b").position == (176.0, 0.0)


def test_a_cyclic_graph_is_read(tmp_path: Path) -> None:
    (tmp_path / "g.dot").write_text("digraph { a -> b -> c -> a }")
    assert formats.read(tmp_path / "g.dot").cycle() is not None


@pytest.mark.parametrize("name", ["g.graphml", "g.gml"])
def test_networkx_reads_what_we_write(name: str, tmp_path: Path) -> None:
    graph = Graph(
        (Node("a b", position=(1.0, 2.5)), Node("c"), Node("é")), (Edge("a b", "c", weight=0.5), Edge("é", "c"))
    )
    formats.write(graph, tmp_path / name)
    read = {"g.graphml": nx.read_graphml, "g.gml": nx.read_gml}[name](tmp_path / name)
    assert list(read.nodes) == ["a b", "c", "é"]
    assert set(read.edges) == {("a b", "c"), ("é", "c")}
    assert read.edges["a b", "c"]["weight"] == 0.5
    x = read.nodes["a b"]["x"] if name == "g.graphml" else read.nodes["a b"]["graphics"]["x"]
    assert x == 1.0


@pytest.mark.parametrize("name", ["g.graphml", "g.gml", "g.json"])
def test_we_read_what_networkx_writes(name: str, tmp_path: Path) -> None:
    theirs = nx.DiGraph()
    theirs.add_nodes_from(['q"uote', "b", "c&d"])
    theirs.add_edge('q"uote', "b", weight=0.25)
    theirs.add_edge("c&d", "b")
    if name == "g.json":
        (tmp_path / name).write_text(json.dumps(nx.node_link_data(theirs, edges="links")))
    else:
        {"g.graphml": nx.write_graphml, "g.gml": nx.write_gml}[name](theirs, tmp_path / name)
    ours = formats.read(tmp_path / name)
    assert ours.names == ('q"uote', "b", "c&d")
    assert set(ours.edges) == {Edge('q"uote', "b", weight=0.25), Edge("c&d", "b")}


def test_dot_of_others() -> None:
    graph = formats.parse(
        """strict digraph "G" { // comment
        rankdir=LR; node [shape=box]; edge [color="red"]
        # a line of its own
        a [label=<<b>bold</b>>, pos="10,20"]; /* over
        lines */ a:n -> b:s:w [weight=2] ; b -> {c d} -> e
        subgraph cluster_0 { label="x"; f; g -> a [dir=back] }
        a -> f [dir=both]; -1 -> "two" + " words"
        }""",
        "g.dot",
    )
    assert graph.node("a").position == (10.0, -20.0)
    assert graph.edge("a", "b") == Edge("a", "b", weight=2.0)
    assert {edge.pair for edge in graph.edges if edge.directed} >= {
        ("b", "c"), ("b", "d"), ("c", "e"), ("d", "e"), ("-1", "two words")
    }
    assert graph.edge("a", "g") == Edge("a", "g")
    assert graph.edge("a", "f").bidirected
    plain = formats.parse("graph { a -- b; a -- c [dir=forward] }", "g.gv")
    assert plain.edge("a", "b").undirected
    assert plain.edge("a", "c").directed


def test_dagitty_of_others() -> None:
    graph = formats.parse(
        """dag { bb="0,0,1,1"
        D [outcome,pos="-1.5,2"]
        E [exposure, pos="0.2,0.3"]
        "my name" [latent]
        E <- A -> Z <- B -> D [beta="0.3"] ; A -> E
        E <-> D
        E -> {Q R}
        }""",
        "g.txt",
    )
    assert graph.node("E") == Node("E", frozenset({Mark.EXPOSURE}), (0.2, 0.3))
    assert graph.node("my name").marks == {Mark.LATENT}
    assert set(graph.parents("Z")) == {"A", "B"}
    assert graph.edge("B", "D").weight == 0.3
    assert any(edge.bidirected for edge in graph.edges)
    assert set(graph.children("E")) == {"Q", "R"}
    pag = formats.parse("pag { a @-> b @-@ c -- d <-@ e }", "g.txt")
    assert pag.edge("a", "b") == Edge("a", "b", End.CIRCLE, End.ARROW)
    assert pag.edge("e", "d") == Edge("e", "d", End.CIRCLE, End.ARROW)


@pytest.mark.parametrize(
    "text",
    [
        "Cause,Effect\na,b\nb,c\n", '"Cause","Effect"\r\n"a","b"\r\n"b","c"\r\n', "from;to\na;b\nb;c", "a,b\nb,c\n",
        "parent\tchild\tnote\na\tb\tx\nb\tc\ty\n",
        ",a,b,c\na,0,1,0\nb,0,0,1\nc,0,0,0\n", "a,b,c\n0,1,0\n0,0,1\n0,0,0\n",
        "x,a,b,c\na,0,1,\nb,,0,1.0\nc,0,0,0\n",
    ],
)
def test_tables_of_others(text: str) -> None:
    graph = formats.parse(text, "g.csv")
    assert {edge.pair for edge in graph.edges} == {("a", "b"), ("b", "c")}
    assert all(edge.directed and edge.weight is None for edge in graph.edges)


def test_a_matrix_of_numbers_only() -> None:
    graph = formats.parse("0,0.5,0\n0,0,-2\n0,0,0\n", "g.csv")
    assert graph.edges == (Edge("X1", "X2", weight=0.5), Edge("X2", "X3", weight=-2.0))
    symmetric = formats.parse(",a,b\na,0,1\nb,1,0\n", "g.csv")
    assert symmetric.edges == (undirected("a", "b"),)


@pytest.mark.parametrize(
    ("file", "edges", "cyclic"), [("sachs_17_edges", 17, False), ("sachs_consensus_edges", 18, True)]
)
def test_the_sachs_networks(shared_data: Path, file: str, edges: int, cyclic: bool) -> None:
    graph = formats.read(shared_data / f"{file}.csv")
    assert len(graph.nodes) == 11
    assert len(graph.edges) == edges
    assert (graph.cycle() is not None) is cyclic


REFUSED = [
    ("g.json", '{"nodes": [{"name": "a"}], "edges": [', "line 1", "cut off"),
    ("g.json", '{"nodes":\n [}', "line 2", "not JSON"),
    ("g.json", "[1, 2]", "holds no graph", ""),
    ("g.json", '{"nodes": [{"name": "a"}], "edges": [{"source": "a", "target": "z"}]}', "'z'", "not a node"),
    ("g.json", '{"format": 2, "nodes": []}', "format 2", "reads up to 1"),
    ("g.json", '{"nodes": [{"name": "a"}, {"name": "a"}]}', "two nodes are called a", ""),
    ("g.json", '{"nodes": [{"name": "a", "position": [1, "x"]}]}', "'x'", "not a number"),
    ("g.json", '{"nodes": [{"id": 1}, {"id": 2}], "links": [{"source": 1, "target": 2, "weight": 1e999}]}', "inf", ""),
    ("g.json", "9" * 5000, "too long", ""),
    ("g.json", "[" * 100_000, "nested too deeply", ""),
    ("g.dot", "digraph {\n a -> b\n", "line 3", "cut off"),
    ("g.dot", 'digraph {\n a -> "b\n', "line 2", "a string begins here"),
    ("g.dot", "digraph {\n a -> b\n b -> a }", "line 3", "joined a second time"),
    ("g.dot", "digraph {\n a -> a }", "line 2", "points to itself"),
    ("g.dot", "digraph {\n a [pos=\"x,1\"] }", "line 2", "not a number"),
    ("g.dot", "a -> b", "line 1", "not DOT"),
    ("g.dot", "digraph { a } }", "line 1", "more after the end"),
    ("g.dot", "digraph {" + "{" * 50_000, "nested too deeply", ""),
    ("g.txt", "dag { x -> }", "line 1", "a node is expected"),
    ("g.txt", "hello", "line 1", "not DAGitty"),
    ("g.gml", "graph [\n node [ id 0 ]\n edge [ source 0", "line 3", "cut off"),
    ("g.gml", "graph [\n node [ id 0 ]\n edge [ source 0 target 1 ] ]", "line 3", "'1'"),
    ("g.gml", "x 1", "not GML", ""),
    ("g.graphml", "<graphml>\n<graph><node id='a'/>", "line 2", "cut off"),
    ("g.graphml", "<graphml>\n<graph><node id='a'/><edge source='a' target='b'/></graph></graphml>", "line 2", "'b'"),
    ("g.graphml", "<x/>", "holds no graph", ""),
    ("g.graphml", '<!DOCTYPE x [<!ENTITY a "aaaa">]>\n<graphml/>', "line 1", "document type"),
    ("g.graphml", "<graphml><graph><hyperedge/></graph></graphml>", "line 1", "more than two nodes"),
    ("g.tex", "\\draw (a) to (b);", "not written by Otherwise", "comments"),
    ("g.tex", "% @ a\n% @ b [pos=\"x,1\"]\n\\end{document}", "line 2", "not a number"),
    ("g.tex", "% @ a\n% @ a -> b\n\\begin{docu", "line 3", "cut off"),
    ("g.csv", "", "empty", ""),
    ("g.csv", "Cause,Effect,weight\na,b,heavy\n", "line 2", "'heavy'"),
    ("g.csv", "Cause,Effect\na,b\n,c\n", "line 3", "no cause"),
    ("g.csv", 'Cause,Effect\na,"b\n', "line", "cut off"),
    ("g.csv", "only\none\n", "line 1", "two columns"),
    ("g.csv", ",a,b\na,0,1\n", "2 columns and 1 rows", "cut off"),
    ("g.csv", ",a,b\na,0,1\nc,0,0\n", "line 3", "the column in its place 'b'"),
    ("g.csv", ",a,b\na,0,what\nb,0,0\n", "line 2", "'what'"),
    ("g.csv", ",a,b\na,0\nb,0,0\n", "line 2", "1 values"),
]


@pytest.mark.parametrize(("name", "text", "where", "what"), REFUSED)
def test_broken_text_is_refused_with_file_and_line(name: str, text: str, where: str, what: str) -> None:
    with pytest.raises(Refusal) as caught:
        formats.parse(text, name)
    assert name in caught.value.sentence
    assert where in caught.value.sentence
    assert what in str(caught.value)
    assert caught.value.about == (name,)


@pytest.mark.parametrize("name", WHOLE)
@settings(max_examples=60, deadline=None)
@given(cut=st.floats(0, 1), noise=st.binary(max_size=6))
def test_damaged_files_are_read_or_refused(name: str, cut: float, noise: bytes) -> None:
    whole = formats.compose(FULL, name).encode()
    at = int(cut * len(whole))
    for damaged in (whole[:at], whole[:at] + noise + whole[at:]):
        with suppress(Refusal):
            formats.parse(damaged.decode("utf-8", "replace"), name)


def test_files_that_are_not_text_or_not_there(tmp_path: Path) -> None:
    (tmp_path / "g.dot").write_bytes(b"digraph {\n \xff\xfe }")
    with pytest.raises(Refusal, match=r"g\.dot, line 2: this is not text in UTF-8"):
        formats.read(tmp_path / "g.dot")
    with pytest.raises(Refusal, match=r"none\.gml cannot be read"):
        formats.read(tmp_path / "none.gml")
    with pytest.raises(Refusal, match=r"g\.png has no ending of a graph format"):
        formats.read(tmp_path / "g.png")
    with (tmp_path / "large.csv").open("wb") as file:
        file.truncate(formats.LARGEST + 1)
    with pytest.raises(Refusal, match="at most 8 MB"):
        formats.read(tmp_path / "large.csv")


def test_what_is_too_large_for_a_graph_is_refused_by_its_line() -> None:
    with pytest.raises(Refusal, match=r"g\.csv, line 5002: more than 5,000 nodes"):
        formats.parse("Cause,Effect\n" + "".join(f"v{i},\n" for i in range(6000)), "g.csv")
    pairs = (f"v{i},v{j}\n" for i in range(300) for j in range(i))
    with pytest.raises(Refusal, match="more than 20,000 edges"):
        formats.parse("Cause,Effect\n" + "".join(pairs), "g.csv")


def test_what_cannot_be_written_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Refusal, match="holds a character"):
        formats.compose(Graph((Node("a\nb"),)), "g.csv")
    heavy = Graph((Node("a"), Node("b")), (Edge("a", "b", weight=float("nan")),))
    with pytest.raises(Refusal, match="weight of a → b is not a number"):
        formats.compose(heavy, "g.json")
    with pytest.raises(Refusal, match=r"g\.dot cannot be written"):
        formats.write(Graph(), tmp_path / "missing" / "g.dot")


def test_a_plain_edge_list_is_as_short_as_others_write_it() -> None:
    graph = Graph.of(["a", "b"], [("a", "b")])
    assert formats.compose(graph, "g.csv") == "Cause,Effect\na,b\n"
    rows = list(csv.DictReader(io.StringIO(formats.compose(replace(graph, nodes=(*graph.nodes, Node("c"))), "g.csv"))))
    assert rows[-1] == {"Cause": "a", "Effect": "b"}
    assert [row["Cause"] for row in rows[:3]] == ["a", "b", "c"]
