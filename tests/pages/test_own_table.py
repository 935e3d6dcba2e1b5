"""A visitor's own table on the Train page: uploaded or pasted, read, and refused in one sentence if it is of no use."""

import math

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
    assert "rows and 5 columns were read" in notes(app)
    app = upload(app, "rain.csv", GOOD.encode())
    assert not app.exception and app.selectbox(key="train.column").options == ["day", "rain", "name"]
    assert "<b>rain</b>: 90 values" in notes(app) and "“0,0” was read as 0" in notes(app)
    app.selectbox(key="train.column").select("day").run()
    assert "changes by the same amount" in app.info[0].value and app.selectbox(key="train.column").value == "rain"
    app.button(key="train.step").click().run()
    assert not app.exception


def test_a_pasted_table_is_the_same_as_an_uploaded_one_and_leaves_the_box(open_page):
    app = upload(open_page(PAGE, task="own_series"), "rain.csv", GOOD.encode("utf-8-sig"))
    read, setup = notes(app), app.session_state["train.setup"]
    app = open_page(PAGE, task="own_series")
    app.text_area(key="train.paste").set_value(GOOD).run()
    assert notes(app) == read and app.session_state["train.setup"] == setup
    assert app.text_area(key="train.paste").value == ""


@pytest.mark.parametrize(("encoding", "said"), [
    ("cp1252", "read as Windows-1252"), ("utf-16-le", "read as UTF-16"), ("utf-8", ""), ("utf-16", ""),
])  # fmt: skip
def test_a_doubtful_encoding_is_said_as_long_as_the_table_stands(open_page, encoding, said):
    data = GOOD.replace("rain", "N\u00e4sse").encode(encoding)
    app = upload(open_page(PAGE, task="own_series"), "rain.csv", data)
    assert not app.exception and "<b>N\u00e4sse</b>: 90 values" in notes(app)
    assert said in notes(app) and ("encoding" in notes(app) or "not UTF-8" in notes(app)) == bool(said)
    app.selectbox(key="train.column").select("day").run()  # is refused, and says so in place of other notices
    app.number_input(key="train.seed").set_value(3).run()
    upload(app, "bad.csv", b"a,b\n1,2\n")
    assert said in notes(app)
    app.text_area(key="train.paste").set_value(GOOD).run()
    assert "<b>rain</b>" in notes(app) and "encoding" not in notes(app) and "UTF-8" not in notes(app)


def test_ten_years_of_days_are_ordinary(open_page):
    rows = "\n".join(f"{1981 + i // 365}-01-01,{15 + 5 * math.sin(i / 58) + i % 7 / 9:.2f}" for i in range(3650))
    app = upload(open_page(PAGE, task="own_series"), "days.csv", f"Date,Temperature\n{rows}".encode())
    assert not app.exception and not app.error and "3,650 values" in notes(app)
    app.button(key="train.step").click().run()
    assert not app.exception and len(dict(app.query_params).get("data", "")) < 100


def test_a_doubtful_mark_is_said_and_can_be_changed(open_page):
    cells = [f"{1000 + 7 * i + i * i % 11}" for i in range(90)]
    data = "month;pieces\n" + "\n".join(f"M{i};{cell[0]}.{cell[1:]}" for i, cell in enumerate(cells))
    app = upload(open_page(PAGE, task="own_series"), "pieces.csv", data.encode())
    assert "“1.000” was read as 1. If it means 1000, choose the comma as decimal mark." in notes(app)
    app.selectbox(key="train.decimal").select("comma").run()
    assert "“1.000” was read as 1000." in notes(app) and dict(app.query_params)["decimal"] == "comma"


def test_a_code_is_pointed_out_and_can_be_read_as_missing(open_page):
    values = [i % 9 + i % 4 for i in range(90)]
    values[7] = values[30] = -999
    app = upload(open_page(PAGE, task="own_series"), "t.csv", ("t\n" + "\n".join(map(str, values))).encode())
    assert "-999 stands in 2 rows" in notes(app)
    app.button(key="train.code.-999").click().run()
    assert "2 cells with -999, lines 9, 32" in notes(app) and "stands in" not in notes(app)


@pytest.mark.parametrize(("data", "said"), [
    (b"", "columns"), (b"\x00\x01\x02" * 100, "zero bytes"), (b"a,b\n1,2\n", "60"), (b"<b>x</b>\n" * 90, "number"),
    (b"x\n" + b"5\n" * 90, "all rows"), (("v\n" + "1e400\n2\n" * 60).encode(), "10^12"), (b"9" * 30_000, "60"),
    (b"9" * 12_000 + b"a", "number"), ("٣,\u00a0'\"-.e".encode() * 15_000, ""), (b"1.2,3;" * 130_000, ""),
    (b"\n" * 130_000, "rows"), (b"v\n" + b"1\n2\n" * 26_000, "50,000 rows"), (b"1" * 9_000_000, "MB"),
])  # fmt: skip
def test_what_cannot_be_used_is_refused_and_nothing_is_lost(open_page, data, said):
    app = upload(open_page(PAGE, task="own_series"), "rain.csv", GOOD.encode())
    before = notes(app)
    app = upload(app, "bad.csv", data)
    assert not app.exception and notes(app) == before
    assert len(app.info) == 1 and said in app.info[0].value


def test_a_setting_that_the_table_is_too_short_for_leaves_the_table(open_page):
    app = upload(open_page(PAGE, task="own_series"), "rain.csv", GOOD.encode())
    before = notes(app)
    app.select_slider(key="train.seq_len").set_value(96).run()
    assert not app.exception and notes(app) == before and "held-out fifth" in app.info[0].value


def test_names_from_a_table_are_text_and_no_markup(open_page):
    data = "day,<img src=x onerror=alert(1)>\n" + "\n".join(f"{i},{i * i % 17}" for i in range(90))
    app = upload(open_page(PAGE, task="own_series"), "evil.csv", data.encode())
    assert not app.exception and "&lt;img" in notes(app) and "<img src" not in notes(app)
