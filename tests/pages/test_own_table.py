"""A visitor's own table on the Train page: uploaded, read, and refused in one sentence where it cannot be used."""

import pytest

PAGE = "pages/train.py"
GOOD = "day;rain;name\n" + "\n".join(f"{i};{i % 7},{i % 3};x" for i in range(90))


def notes(app):
    return " ".join(block.proto.body for block in app.get("html") if 'class="note"' in block.proto.body)


def upload(app, name, data):
    (field,) = [each for each in app.get("file_uploader") if each.key == "train.table"]
    field.upload(name, data, "text/csv")
    return app.run()


def test_a_table_is_read_and_a_column_chosen(open_page):
    app = open_page(PAGE, task="own_series")
    assert "rows were read" in notes(app)
    app = upload(app, "rain.csv", GOOD.encode())
    assert not app.exception and app.selectbox(key="train.table.column").options == ["day", "rain", "name"]
    assert not app.exception and "“rain” is forecast" in notes(app)
    app.button(key="train.step").click().run()
    assert not app.exception


@pytest.mark.parametrize(("data", "said"), [
    (b"", "columns"), (b"\x00\x01\x02" * 100, "text"), (b"a,b\n1,2\n", "60"), (b"<b>x</b>\n" * 90, "number"),
    (b"x\n" + b"5\n" * 90, "all rows"), (("v\n" + "1e400\n2\n" * 60).encode(), ""), (b"9" * 30_000, ""),
])  # fmt: skip
def test_what_cannot_be_used_is_refused_and_nothing_is_lost(open_page, data, said):
    app = upload(open_page(PAGE, task="own_series"), "rain.csv", GOOD.encode())
    before = notes(app)
    app = upload(app, "bad.csv", data)
    assert not app.exception and notes(app) == before
    assert len(app.info) == 1 and said in app.info[0].value
