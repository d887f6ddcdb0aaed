"""In which order a lane does what waits: queries that yield are overtaken, by queries and not by a stop."""

from engines.runtime.lane import Inbox
from engines.runtime.messages import Ask, CloseModel, OpenModel, Stop

SLIDER, SET = Ask("slider", 1, "m", (1,)), Ask("set", 1, "m", (1, 2), yields=True)


def test_a_query_that_yields_comes_after_those_that_do_not():
    inbox = Inbox()
    for message in (OpenModel("m", "/m", None), SET, SLIDER, CloseModel("n")):
        inbox.put(message)
    assert [inbox.next() for _ in range(4)] == [OpenModel("m", "/m", None), SLIDER, CloseModel("n"), SET]


def test_while_it_is_answered_others_overtake_but_not_of_its_own_kind():
    inbox = Inbox()
    inbox.put(SET)
    assert inbox.next() == SET
    inbox.put(Ask("grid", 1, "m", (1,), yields=True))
    assert inbox.overtaking() is None
    inbox.put(SLIDER)
    assert inbox.overtaking() == SLIDER
    assert inbox.overtaking() is None


def test_a_stop_is_not_overtaken():
    inbox = Inbox()
    inbox.put(Stop())
    inbox.put(SLIDER)
    assert inbox.overtaking() is None
    assert isinstance(inbox.next(), Stop)
