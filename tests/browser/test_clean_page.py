"""Choosing another task or other cells during a run, in a browser: a clean page at once, and a way back."""

import pytest

pytestmark = pytest.mark.browser
SMALL = "cell=rnn,gru&hidden_size=8&batch_size=8&seq_len=12&steps=100000"
# what is to be seen of a task, put together at every frame
WATCH = """() => {
  window.seen = [];
  const seen = (place, what) => {
    const found = document.querySelector(place);
    return found && found.checkVisibility({visibilityProperty: true}) ? found.textContent.match(what)?.[0] || '' : '';
  };
  const look = () => {
    const now = [seen('h1', /^.{11}/), seen('.where', /Training live|Recorded/), seen('.side', /true|odd|even/),
                 seen('[data-testid=stVegaLiteChart] svg', /squared error|nats per step/)].join('|');
    if (window.seen.at(-1) !== now) window.seen.push(now);
    requestAnimationFrame(look);
  };
  look();
}"""


def choose_task(visitor, words):
    box = visitor.main.locator(".st-key-train-task input")
    box.click()
    box.fill(words)
    box.press("Enter")


def pill(visitor, name):
    return visitor.main.locator(".st-key-train-cell button").filter(has_text=name).first


def begun(visitor):
    visitor.open(f"/?task=adding&{SMALL}")
    visitor.press("Start")
    return visitor.reached(20)


def test_another_task_begins_a_clean_page_at_once_and_the_run_comes_back(visitor):
    begun(visitor)
    visitor.page.evaluate(WATCH)
    choose_task(visitor, "parity")
    back = visitor.button("Go back to Adding problem (update")
    back.wait_for()
    visitor.settled()
    assert "Odd or even?" in visitor.text() and "Training live" not in visitor.text() and not visitor.alerts()
    step = int(back.inner_text().split("update ")[1].rstrip(")").replace(",", ""))
    visitor.wait(1)
    assert f"update {step:,})" in back.inner_text(), "it is kept as it was"
    states = visitor.page.evaluate("window.seen")
    mixed = [s for s in states if s.startswith("Odd or even") and ("Training live" in s or "squared" in s)]
    assert states[0].startswith("Add two mar|Training live|") and "squared error" in states[0], states
    assert not mixed and states[-1].startswith("Odd or even|Recorded|"), states
    back.click()
    visitor.reached(step + 20)
    assert "Add two marked numbers" in visitor.text() and not visitor.button("Go back").is_visible()


def test_a_cell_left_out_by_mistake_and_chosen_again_costs_nothing(visitor):
    step = begun(visitor).update
    pill(visitor, "GRU").click()
    visitor.button("Go back to RNN and GRU").wait_for()
    pill(visitor, "GRU").click()
    visitor.reached(step + 20)
    assert visitor.status().state == "Training live" and len(visitor.curves()) == 2


@pytest.mark.parametrize("pause", [0, 30, 200])
def test_task_cells_and_start_in_quick_succession_train_what_was_chosen_last(visitor, pause):
    begun(visitor)
    choose_task(visitor, "parity")
    visitor.page.wait_for_timeout(pause)
    pill(visitor, "LSTM").click()
    visitor.page.wait_for_timeout(pause)
    visitor.button("Start").click()
    visitor.reached(20)
    visitor.press("Pause")
    visitor.says("Paused")
    query = visitor.page.url
    assert "task=parity" in query and "cell=rnn%2Cgru%2Clstm" in query.replace("lstm%2Cgru", "gru%2Clstm"), query
    assert len(visitor.curves()) == 3 and "Odd or even?" in visitor.text()
    assert not visitor.button("Go back").is_visible() and not visitor.alerts()


def test_the_browsers_back_and_forward_change_between_set_ups_at_once(visitor):
    step = begun(visitor).update
    choose_task(visitor, "parity")
    visitor.button("Go back to Adding problem").wait_for()
    visitor.page.go_back()
    visitor.reached(step + 20)
    assert "Add two marked numbers" in visitor.text() and "task=adding" in visitor.page.url
    visitor.page.go_forward()
    visitor.button("Go back to Adding problem").wait_for()
    assert "Odd or even?" in visitor.text() and "task=parity" in visitor.page.url
