"""The Memory page, opened cold: each way of looking, at tasks of several kinds."""

import pytest

MEMORY = "pages/memory.py"
TASKS = ("adding", "copy_memory", "temporal_order", "text", "french")


def sound(app):
    assert not app.exception and not app.error, (app.exception, app.error)
    return app


def words(app):
    return " ".join(box.value for box in (*app.markdown, *app.caption, *app.info))


@pytest.mark.parametrize("task", TASKS)
def test_what_is_remembered_is_measured(open_page, task):
    app = sound(open_page(MEMORY, task=task, state="c"))
    assert "Recorded" in words(app) and "read back from c" in words(app)
    assert words(app).count(" after reading ") + words(app).count(" later ") >= 3
