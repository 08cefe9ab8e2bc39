"""Where the bars of a chart begin and end."""

import pytest

from safar.desk.ui.charts import Bar, lengths, line, parts, steps


def bars(*values: float) -> list[Bar]:
    return [Bar(str(value), value, str(value)) for value in values]


def test_the_longest_bar_fills_the_room() -> None:
    assert [drawn.length for drawn in lengths(bars(50, 100, 0)).bars] == [50, 100, 0]


def test_parts_follow_each_other() -> None:
    assert [(drawn.at, drawn.length) for drawn in parts(bars(1, 1, 2)).bars] == [(0, 25), (25, 25), (50, 50)]


def test_steps_go_up_and_down_from_where_the_last_one_ended() -> None:
    chart = steps(bars(6, 4, -5))

    assert chart.zero == 0
    assert [(drawn.at, drawn.length) for drawn in chart.bars] == [(0, 60), (60, 40), (50, 50)]


def test_steps_that_fall_below_nothing_move_the_zero() -> None:
    chart = steps(bars(-5, 10))

    assert chart.zero == 50
    assert [(drawn.at, drawn.length) for drawn in chart.bars] == [(0, 50), (0, 100)]


@pytest.mark.parametrize("draw", [lengths, parts, steps])
def test_nothing_and_zeros_draw_nothing(draw: object) -> None:
    assert draw([]).bars == ()  # type: ignore[operator]
    assert [drawn.length for drawn in draw(bars(0, 0)).bars] == [0, 0]  # type: ignore[operator]


def test_a_line_stays_in_its_box() -> None:
    assert line([1, 3, 2], width=24, height=14) == "2.0,12.0 12.0,2.0 22.0,7.0"
    assert line([5, 5]) == "2.0,22.0 94.0,22.0"
    assert line([]) == ""


def test_a_tone_has_a_name() -> None:
    with pytest.raises(ValueError, match="not a tone"):
        Bar("x", 1, "1", "pink")
