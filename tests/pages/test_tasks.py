"""The Tasks page, run by Streamlit's own test driver."""

from rnncore.tasks import TASKS

PAGE = "pages/tasks.py"


def shown(app):
    assert not app.exception
    return {button.key.split(".")[1] for button in app.button if button.key.endswith(".train")}


def examples(app):
    return [block.proto.body for block in app.get("html") if "An example" in block.proto.body]


def test_every_task_stands_there_with_an_example(open_page):
    app = open_page(PAGE)
    assert shown(app) == set(TASKS) and len(examples(app)) == len(list(TASKS))


def test_every_task_says_whom_its_recommended_set_up_beats(open_page):
    text = "".join(examples(open_page(PAGE)))
    assert text.count("<li>The recommended set-up beats") == len(TASKS)
    assert "set-up beats: always guessing the mean; knowing one of the two.</li>" in text
    assert text.count("set-up beats none of its rivals.</li>") == sum(not task.beats for task in TASKS.values()) == 1


def test_types_and_words_choose_among_them(open_page):
    app = open_page(PAGE)
    for kind in {task.sequence_type for task in map(TASKS.__getitem__, TASKS)}:
        app.segmented_control(key="tasks.type").set_value(kind.value).run()
        assert shown(app) == {name for name in TASKS if TASKS[name].sequence_type is kind}
    app.segmented_control(key="tasks.type").set_value("all").run()
    app.text_input(key="tasks.find").set_value("bracket word").run()
    assert shown(app) == {"brackets"}
    app.text_input(key="tasks.find").set_value("<b>nothing like it</b>").run()
    assert not shown(app) and "No task fits" in app.info[0].value


def test_another_example_can_be_drawn(open_page):
    app = open_page(PAGE)
    before = examples(app)
    app.button(key="tasks.clue.another").click().run()
    after = examples(app)
    assert sum(a != b for a, b in zip(before, after, strict=True)) == 1
