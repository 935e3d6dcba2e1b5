"""What has no effect, or an unexpected one, is said on the Train page."""

PAGE = "pages/train.py"
SMALL = {"cell": "rnn", "hidden_size": "4", "seq_len": "8", "batch_size": "4"}


def told(app):
    assert not app.exception, [box.value for box in app.exception]
    return " ".join(box.value for box in app.info)


def test_dropout_with_one_layer_has_no_effect_and_it_says_so(open_page):
    assert "Dropout of 0.3 has no effect" in told(open_page(PAGE, **SMALL, dropout="0.3"))
    assert "Dropout" not in told(open_page(PAGE, **SMALL, dropout="0.3", num_layers="2"))


def test_more_updates_make_a_scheduled_learning_rate_jump_and_it_says_so(open_page):
    app = open_page(PAGE, **SMALL, steps="2", schedule="linear", lr="0.01")
    app.button(key="train.step").click().run()
    app.select_slider(key="train.steps").set_value(100).run()
    assert "the learning rate jumps" not in told(app), "it is where it was: the run has just begun"
    app.button(key="train.reset").click().run()
    app.select_slider(key="train.steps").set_value(2).run()
    for _ in range(2):
        app.button(key="train.step").click().run()
    app.select_slider(key="train.steps").set_value(100).run()
    assert "jumps from 0.005 to 0.0099 at update 3" in told(app)
