"""Results that are computed once for each update and the settings of a run."""

from playground.live.once import once_per_step
from rnncore.config import RunConfig
from rnncore.training.run import Run


def test_a_result_is_made_anew_after_an_update_and_after_a_change_of_settings_between_two():
    asked = []

    @once_per_step
    def rate(view):
        asked.append(view.step)
        return view.config.lr

    run = Run(RunConfig(cell="rnn", task="parity", steps=5, lr=0.1))
    assert [rate(run.view()), rate(run.view())] == [0.1, 0.1]
    run.set(lr=0.2)
    assert rate(run.view()) == 0.2
    run.advance(steps=1)
    assert rate(run.view()) == 0.2
    assert asked == [0, 0, 1]
