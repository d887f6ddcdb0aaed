"""Time left: silent at first, then the median rate, and honest when it grows."""

from studio.runs.time_left import TimeLeft, rounded


def test_says_nothing_for_three_seconds_then_the_rate():
    left = TimeLeft()
    for second in range(3):
        left.step(float(second), 10 * second, 100)
        assert left.seconds is None
    left.step(3.0, 30, 100)
    assert left.rate == 10
    assert left.seconds == 7


def test_one_slow_step_does_not_move_the_median():
    left = TimeLeft()
    done = 0
    for now in (0.0, 1.0, 2.0, 3.0, 4.0, 5.0):
        left.step(now, done, 1000)
        done += 10
    left.step(9.0, done - 9, 1000)
    assert left.rate == 10


def test_says_when_it_is_slower_than_before():
    left = TimeLeft()
    for now in range(5):
        left.step(float(now), 10 * now, 200)
    assert not left.slower
    for now in range(5, 30):
        left.step(float(now), 40 + (now - 4), 200)
    left.step(30.0, 66, 200)
    assert left.rate == 1
    assert left.seconds == 134


def test_slower_than_before_stays_long_enough_to_be_read():
    left = TimeLeft()
    done = 0
    said = []
    for now in range(60):
        left.step(float(now), done, 1000)
        said.append(left.slower)
        done += 10 if now < 10 else 1
    first = said.index(True)
    assert all(said[first : first + 10])
    assert not said[-1], "once it is known it is not repeated"


def test_an_unknown_total_has_no_time_left():
    left = TimeLeft()
    for now in range(6):
        left.step(float(now), now, None)
    assert left.seconds is None
    assert left.rate == 1


def test_a_new_phase_starts_anew():
    left = TimeLeft()
    for now in range(6):
        left.step(float(now), 10 * now, 100)
    left.step(6.0, 0, 50)
    assert left.seconds is None


def test_rounding_is_calm():
    assert rounded(33.6) == 34
    assert rounded(127.0) == 125
    assert rounded(4900.0) == 4800
    assert rounded(0.2) == 1
