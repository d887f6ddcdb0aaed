"""Multi-objective counterfactuals against what is known: distances by hand, sorting and volume by brute force."""

from itertools import pairwise, product

import numpy as np
import pytest

from engines.abilities import Feature, Target
from engines.counterfactual_tables.multi_objective_counterfactuals.distances import Gower, changed, gaps, realism
from engines.counterfactual_tables.multi_objective_counterfactuals.problem import missed
from engines.counterfactual_tables.multi_objective_counterfactuals.selection import (
    Weights,
    by_determinant,
    by_gaps,
    design_targets,
    first_pair,
    scores,
    select,
)
from engines.counterfactual_tables.multi_objective_counterfactuals.sorting import (
    Front,
    crowding,
    fronts,
    hypervolume,
    survivors,
)
from engines.counterfactual_tables.multi_objective_counterfactuals.space import Space, offspring, reverted
from engines.counterfactual_tables.multi_objective_counterfactuals.wishes import Aim, Bonus, Limit

FEATURES = (Feature("age", whole=True), Feature("job", ("a", "b", "c")), Feature("income"))
ROWS = np.array([[20.0, 0, 1.0], [60.0, 2, 3.0], [30.0, 1, 2.0]])


def test_gowers_distance_by_hand():
    gower = Gower.of(FEATURES, ROWS)
    assert gower.to(ROWS, ROWS[0]) == pytest.approx([0, 1, (10 / 40 + 1 + 1 / 2) / 3])
    codes = gower.encode(ROWS)
    assert gaps(codes, codes)[1, 2] == pytest.approx((30 / 40 + 1 + 1 / 2) / 3)
    assert changed(ROWS, np.array([20.0, 2, 3.0])) == pytest.approx([2 / 3, 1 / 3, 1])


def test_realism_is_the_mean_to_the_three_nearest():
    codes = np.array([[0.0], [1.0], [2.0], [5.0], [9.0]])
    assert realism(np.array([[0.0]]), codes) == pytest.approx([1.0])
    assert realism(codes[:1], codes, itself=True) == pytest.approx([(1 + 2 + 5) / 3])
    assert realism(np.array([[0.0]]), codes[:1]) == pytest.approx([0.0])


def test_fronts_are_those_of_brute_force():
    generator = np.random.default_rng(0)
    for _ in range(20):
        F = generator.integers(0, 5, (40, 3)).astype(float)
        left, expected = set(range(40)), []
        while left:
            front = {i for i in left if not any((F[j] <= F[i]).all() and (F[j] < F[i]).any() for j in left)}
            expected.append(sorted(front))
            left -= front
        assert [list(front) for front in fronts(F)] == expected


def test_feasible_ones_survive_first_then_the_least_violating():
    F = np.array([[3.0, 3], [1, 1], [0, 0], [0, 0], [2, 2]])
    assert list(survivors(F, np.array([0, 0, 0.5, 0.1, 0]), 4)) == [1, 4, 0, 3]


def test_crowding_prefers_the_ends_and_the_lonely():
    told = crowding(np.array([[0.0, 10], [1, 9], [5, 5], [10, 0]]))
    assert np.isinf(told[[0, 3]]).all()
    assert told[1] == pytest.approx(5 / 10 + 5 / 10)
    assert told[2] > told[1]


def test_hypervolume_is_that_of_counted_cells():
    generator = np.random.default_rng(1)
    for _ in range(10):
        F = generator.integers(0, 8, (12, 3)).astype(float)
        cells = np.array(list(product(range(7), repeat=3)))
        counted = sum((cell >= F).all(axis=1).any() for cell in cells)
        assert hypervolume(F, np.full(3, 7.0)) == pytest.approx(counted)
    assert hypervolume(np.empty((0, 3)), np.ones(3)) == 0


def test_a_front_told_in_parts_is_the_front_of_all():
    F = np.random.default_rng(2).random((200, 3))
    front = Front()
    for part in np.split(F, 10):
        front.add(part)
    assert np.array_equal(front.points, np.unique(F[fronts(F, 1)[0]], axis=0))


def test_the_first_pair_is_the_largest_of_all():
    generator = np.random.default_rng(3)
    for power in (0.3, 1.0, 4.0):
        codes, quality = generator.random((300, 3)) / 3, generator.random(300) ** power
        M = gaps(codes, codes) * quality[:, None] * quality
        one, other, exact = first_pair(codes, quality)
        assert exact
        assert M[one, other] == pytest.approx(M.max())


def test_the_choice_is_that_of_the_whole_matrix():
    generator = np.random.default_rng(4)
    codes, quality = generator.random((80, 2)) / 2, generator.random(80)
    M = gaps(codes, codes) * quality[:, None] * quality
    expected = list(np.unravel_index(M.argmax(), M.shape))
    while len(expected) < 6:
        least = M[:, expected].min(axis=1)
        least[expected] = -1
        expected.append(int(least.argmax()))
    picked, _ = by_gaps(codes, quality, 6)
    assert set(picked[:2]) == set(expected[:2])
    assert picked[2:] == expected[2:]


def test_the_determinant_grows_as_much_as_it_can_at_each_step():
    generator = np.random.default_rng(5)
    codes, quality = generator.random((30, 2)) / 2, 0.5 + 0.5 * generator.random(30)
    L = (1 - gaps(codes, codes)) * quality[:, None] * quality
    picked = by_determinant(codes, quality, 4)
    for step in range(1, 4):
        def volume(new, before=tuple(picked[:step])):
            return np.linalg.det(L[np.ix_([*before, new], [*before, new])])

        others = [i for i in range(30) if i not in picked[:step]]
        assert volume(picked[step]) == pytest.approx(max(volume(i) for i in others))


def test_under_a_cap_the_rows_are_those_that_were_chosen():
    score = np.linspace(1, 0, 50)
    codes = np.random.default_rng(6).random((50, 2)) / 2
    told = select(codes, score, Weights(count=5, diversity=1.0, most=10))
    assert set(told.places) <= set(range(40, 50)), "the ten best stand last"
    assert any("best 10 of 50" in note for note in told.notes)


def test_choices_that_need_no_diversity_and_those_that_are_too_few():
    score, codes = np.array([0.5, 0.0, 1.0, 0.2]), np.arange(4.0)[:, None] / 4
    assert list(select(codes, score, Weights(count=1)).places) == [1]
    assert list(select(codes, score, Weights(count=2, diversity=0)).places) == [1, 3]
    few = select(codes, score, Weights(count=9))
    assert len(few.places) == 4
    assert few.notes == ("Only 4 candidates meet every target.",)
    assert any("below 0.1" in note for note in select(codes, score, Weights(count=2, diversity=0.05)).notes)


def test_scores_run_from_nought_to_one_and_are_nought_where_all_are_equal():
    F = np.array([[0.1, 0.5, 0.0], [0.2, 1.0, 0.1], [0.3, 0.5, 0.3]])
    told = scores(F, Weights())
    raw = F @ [1, 0.3, 0.5]
    assert told == pytest.approx((raw - raw.min()) / np.ptp(raw))
    assert np.array_equal(scores(np.ones((4, 3)), Weights()), np.zeros(4))
    better = scores(np.column_stack([np.zeros(2), np.ones((2, 3))]), Weights(beside=(1.0,)), np.array([0.9, 0.1]))
    assert list(better) == [0, 1], "more of the design targets reached is a lower score"


def test_the_design_target_score_by_hand():
    bonus = (Bonus("cost", 1, 2.0),)
    told = design_targets(np.array([[4.0], [2.0], [1.0]]), bonus)
    assert told == pytest.approx([0.5 / 1.25, 1 / 1.25, (0.25 * (1 - np.exp(-4)) + 1) / 1.25])
    assert all(a < b for a, b in pairwise(told))
    rising = design_targets(np.array([[1.0], [2.0], [4.0]]), (Bonus("safety", -1, 2.0),))
    assert rising == pytest.approx(told)


def test_aims_are_missed_by_how_much():
    number = Target("price")
    prices = np.array([[5.0], [10.0], [20.0], [26.0]])
    assert missed(Aim(10, 20), number, prices, 2.0) == pytest.approx([2.5, 0, 0, 3])
    level = Target("class", ("a", "b", "c"))
    told = np.array([[0.5, 0.3, 0.2], [0.4, 0.4, 0.2], [0.1, 0.6, 0.3]])
    prefers = missed(Aim(preferred=("b",)), level, told, 1.0)
    assert prefers[0] == pytest.approx(0.2)
    assert prefers[1] > 0, "a tie is not reached"
    assert prefers[2] == 0
    assert list(missed(Aim(allowed=("a", "c")), level, told, 1.0)) == pytest.approx([0, 0, 0.3])
    assert not missed(Aim(allowed=level.levels), level, told, 1.0).any()


SPAN = ROWS.min(axis=0), ROWS.max(axis=0)


def test_children_keep_to_the_space_and_go_back_to_the_row():
    generator = np.random.default_rng(7)
    limits = {"age": Limit(low=25, high=50), "job": Limit(allowed=("a", "b"))}
    space = Space.of(FEATURES, ROWS[1], SPAN, limits)
    assert list(space.revertible) == [False, False, True], "60 years and job c are no longer allowed"
    parents = space.drawn(400, generator)
    children = reverted(space, offspring(space, parents[:200], parents[200:], generator), generator)
    assert not space.broken(parents).any()
    assert not space.broken(children).any()
    assert np.array_equal(children[:, 0], np.round(children[:, 0]))
    assert set(children[:, 1]) == {0.0, 1.0}
    before = (parents[:, 2] == 3.0).sum()
    shares = [(reverted(space, parents, generator)[:, 2] == 3.0).mean() for _ in range(200)]
    assert before == 0
    assert np.mean(shares) == pytest.approx(2 / 7, abs=0.06), "the mean of Beta(0.2, 0.5)"


def test_a_locked_column_never_moves_and_a_direction_holds():
    generator = np.random.default_rng(8)
    space = Space.of(FEATURES, ROWS[2], SPAN, {"job": Limit(lock=True), "income": Limit(direction="down")})
    rows = space.drawn(300, generator)
    children = offspring(space, rows[:150], rows[150:], generator)
    assert set(children[:, 1]) == {1.0}
    assert children[:, 2].max() <= 2.0
    assert space.broken(ROWS).any(axis=1).tolist() == [True, True, False]
