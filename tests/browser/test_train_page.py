"""The Train page as people use it: in a real Chromium, with a real server, over a real connection."""

import itertools
import json

import pytest

pytestmark = pytest.mark.browser

ONE = "cell=lstm&hidden_size=16&batch_size=8"  # one small network, so that the tests leave the cores alone
SLOW = f"/?{ONE}&speed=slow"
MEDIUM = f"/?{ONE}&speed=medium&steps=5000"
QUIET = 1.5  # seconds: six ticks of the live view


# --- the buttons ------------------------------------------------------------------------------------------


def test_start_moves_the_curve_pause_holds_it_and_resume_goes_on(visitor):
    visitor.open("/?cell=lstm,gru&hidden_size=16&speed=medium&steps=5000")
    visitor.press("Start")
    first = visitor.reached(5)
    drawn = visitor.until(lambda: len(found := visitor.curves()) == 2 and found, "two curves")
    visitor.until(lambda: all(a != b for a, b in zip(drawn, visitor.curves(), strict=True)), "both curves moving")
    assert visitor.reached(first.update + 10).state == "Training live"

    visitor.press("Pause")
    held = visitor.says("Paused")
    visitor.wait(QUIET / 3)  # the last tick may still be on its way
    held, curves = visitor.status(), visitor.curves()
    visitor.wait(QUIET)
    assert (visitor.status(), visitor.curves()) == (held, curves)

    visitor.press("Resume")
    visitor.reached(held.update + 10)
    visitor.until(lambda: visitor.curves() != curves, "the curve moving again")


def test_step_does_exactly_one_update(visitor):
    visitor.open(SLOW)
    for update in (1, 2, 3):
        visitor.press("Step")
        visitor.says("Paused", update)
    visitor.wait(QUIET)
    assert visitor.update() == 3
    visitor.press("Resume")
    visitor.reached(5)
    visitor.press("Step")  # pauses first
    visitor.says("Paused")


def test_the_same_seed_gives_the_same_curve_and_another_seed_another(visitor, trained_alone):
    visitor.open("/?steps=40")
    visitor.press("Start")
    visitor.says("Finished", 40)
    first = visitor.csv()
    visitor.press("Reset")
    visitor.says("Ready", 0)
    visitor.press("Start")
    visitor.says("Finished", 40)
    assert visitor.csv() == first
    assert first == trained_alone(steps="40"), "a run among others equals the same run trained alone"

    visitor.press("New seed")
    assert visitor.says("Ready", 0).seed == 1
    visitor.press("Start")
    visitor.says("Finished", 40)
    other = visitor.csv()
    assert other.count("\n") == first.count("\n")
    assert other != first
    assert other == trained_alone(steps="40", seed="1")


def test_the_same_run_can_be_trained_again_and_again(visitor):
    """Each time the same long messages are sent, which a browser forgets in between."""
    visitor.open("/?steps=40")
    for _ in range(6):
        visitor.press("Start")
        visitor.says("Finished", 40)
        visitor.wait(1)
        visitor.press("Reset")
        visitor.says("Ready", 0)


def test_a_finished_run_can_be_started_again(visitor):
    visitor.open(f"{SLOW}&steps=3")
    visitor.press("Start")
    visitor.says("Finished", 3)
    visitor.press("Start again")
    visitor.says("Training live")
    visitor.says("Finished", 3)


def test_reset_stops_a_run_that_is_going(visitor):
    visitor.open(MEDIUM)
    visitor.press("Start")
    visitor.reached(10)
    visitor.press("Reset")
    visitor.says("Ready", 0)
    visitor.wait(QUIET)
    assert visitor.status().update == 0


def test_new_seed_lets_a_run_that_is_going_go_on_with_other_numbers(visitor):
    visitor.open(MEDIUM)
    visitor.press("Start")
    visitor.reached(5)
    visitor.press("New seed")
    visitor.until(lambda: (s := visitor.status()) and s.seed == 1 and s.state == "Training live" and s.update > 5)


# --- the keyboard -----------------------------------------------------------------------------------------


def test_the_space_bar_starts_and_pauses(visitor):
    visitor.open(SLOW)
    visitor.page.keyboard.press("Space")
    visitor.reached(2)
    visitor.page.keyboard.press("Space")
    visitor.says("Paused")


def test_tab_reaches_start_and_enter_presses_it(visitor):
    visitor.open(SLOW)
    for _ in range(40):
        visitor.page.keyboard.press("Tab")
        if "Start" in visitor.page.evaluate("(e => e.tagName == 'BUTTON' ? e.innerText : '')(document.activeElement)"):
            break
    visitor.page.keyboard.press("Enter")
    visitor.reached(2)


def test_the_space_bar_on_another_button_presses_that_button_only(visitor):
    visitor.open(SLOW)
    visitor.button("Step").focus()
    visitor.page.keyboard.press("Space")
    visitor.reached(1)
    visitor.wait(QUIET)
    assert visitor.status().state == "Paused" and visitor.update() == 1


# --- links ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("page", ["/", "/train"])
def test_a_deep_link_opens_cold_with_its_set_up(visitor, page):
    visitor.open(f"{page}?task=parity&cell=gru&seed=7&hidden_size=16&batch_size=8&speed=slow&lr=0.003")
    assert "parity" in visitor.page.url and "hidden_size=16" in visitor.page.url
    assert "GRU: 16 units" in visitor.sidebar.inner_text()
    assert visitor.main.get_by_role("heading", level=1).inner_text().startswith("Odd or even")
    assert not visitor.alerts()
    visitor.press("Start")
    assert visitor.reached(2).seed == 7
    visitor.page.reload()  # the address still holds it all; a reload is a new session
    visitor.settled()
    assert "GRU: 16 units" in visitor.sidebar.inner_text() and "seed=7" in visitor.page.url


@pytest.mark.parametrize(
    "query",
    [
        "task=%3Cscript%3Ealert(1)%3C/script%3E&hidden_size=1e999&lr=nan&cell=,,;&steps=-4",
        "cell=lstm,%F0%9F%A6%95,$x^2$&batch_size=99999999999999999999&seq_len=%00&%3Cimg%20src=x%3E=1&speed=warp",
        "task=text&text=" + "%3Cb%3E**x**" * 3 + "&target=inf&num_layers=4&hidden_size=1024&seq_len=500&batch_size=512",
    ],
)
def test_a_nonsense_link_is_explained_and_the_page_works(visitor, query):
    dialogs = []
    visitor.page.on("dialog", lambda dialog: (dialogs.append(dialog.message), dialog.dismiss()))
    visitor.open(f"/?{query}")
    said = visitor.until(visitor.alerts, "a notice")
    assert not any(foreign in " ".join(said) for foreign in ("script", "img", "🦕", "$x", "<b", "warp"))
    visitor.press("Start")
    visitor.reached(1)
    visitor.press("Reset")
    assert not dialogs


# --- a run outlives what happens around it ----------------------------------------------------------------


def test_a_run_survives_a_change_of_page(visitor):
    visitor.open(f"/?{ONE}&speed=medium&steps=5000&seed=3")
    visitor.press("Start")
    before = visitor.reached(20)
    visitor.page.get_by_role("link", name="Reference").click()
    visitor.page.get_by_role("heading", level=1, name="Reference").wait_for()
    visitor.page.get_by_role("link", name="Train").click()
    after = visitor.until(lambda: visitor.status(), "the Train page")
    assert after.update > before.update and after.seed == 3 and after.state == "Training live"
    visitor.reached(after.update + 10)
    visitor.until(lambda: "seed=3" in visitor.page.url and "reference" not in visitor.page.url, "its own address")
    visitor.press("Pause")
    visitor.says("Paused")


def test_a_run_survives_changes_that_come_faster_than_the_answers(visitor):
    visitor.open(f"/?{ONE}&speed=medium&steps=5000")
    visitor.press("Start")
    before = visitor.reached(20)
    # a request that leaves before the last answer is there still carries the address from before the last change
    visitor.page.evaluate(
        """() => ['linear', 'examples', 'log', 'updates', 'linear', 'seconds', 'full', 'slow'].forEach((name, i) =>
            setTimeout(() => [...document.querySelectorAll('[data-testid=stMain] button')]
                .find(button => button.innerText == name).click(), 15 * i))"""
    )
    wanted = ("scale=linear", "x_axis=seconds", "speed=slow")
    visitor.until(lambda: all(part in visitor.page.url for part in wanted), "all three in the address")
    visitor.wait(QUIET / 3)
    after = visitor.status()
    assert after.state == "Training live" and after.update >= before.update
    shown = visitor.main.locator("[role=radio][aria-checked=true]").all_inner_texts()
    assert shown == ["slow", "seconds", "linear", "Answers"], "what the controls show is what holds"


def test_a_run_survives_a_change_of_theme(visitor):
    paper = "getComputedStyle(document.querySelector('[data-testid=stApp]')).backgroundColor"
    strokes = "[...document.querySelectorAll('.mark-line.role-mark path')].map(path => path.getAttribute('stroke'))"
    visitor.open(MEDIUM)
    visitor.press("Start")
    before, light, drawn = visitor.reached(20), visitor.page.evaluate(paper), visitor.page.evaluate(strokes)
    visitor.page.emulate_media(color_scheme="dark")
    visitor.until(lambda: visitor.page.evaluate(paper) != light, "the dark theme")
    after = visitor.status()
    assert after.state == "Training live" and after.update >= before.update and after.seed == before.seed
    visitor.reached(after.update + 20)
    assert len(visitor.curves()) == 1
    visitor.until(lambda: visitor.page.evaluate(strokes) != drawn, "the curve in the dark theme's colour")
    assert visitor.status().seed == before.seed and visitor.update() > after.update


def test_a_live_setting_acts_at_once_on_the_run_that_is_going(visitor):
    visitor.open(MEDIUM)
    visitor.press("Start")
    before = visitor.reached(20)
    visitor.slide("Training", "Learning rate", "ArrowRight")
    visitor.until(lambda: "lr=0.02" in visitor.page.url, "the new learning rate in the address")
    after = visitor.status()
    assert after.state == "Training live" and after.update >= before.update
    visitor.reached(after.update + 20)
    assert not visitor.alerts()
    visitor.press("Pause")
    visitor.says("Paused")
    rates = [row.split(",")[6] for row in visitor.csv().split("\n")[2:]]
    assert set(rates) == {"0.00999999978", "0.0199999996"} and rates == sorted(rates)


def test_another_setting_waits_for_reset_and_says_so(visitor):
    visitor.open(MEDIUM)
    visitor.press("Start")
    before = visitor.reached(20)
    visitor.slide("Network", "Hidden size", "ArrowRight")
    assert "hidden size" in visitor.until(visitor.alerts, "what waits for a reset")[0]
    after = visitor.status()
    assert after.state == "Training live" and after.update >= before.update
    visitor.reached(after.update + 20)
    visitor.press("Reset")
    visitor.says("Ready", 0)
    visitor.until(lambda: not visitor.alerts(), "no more waiting")
    assert "LSTM: 24 units" in visitor.sidebar.inner_text()


def test_the_view_can_change_while_a_run_is_going(visitor):
    visitor.open(MEDIUM)
    visitor.press("Start")
    before = visitor.reached(20)
    visitor.main.get_by_text("examples", exact=True).click()
    visitor.until(lambda: "training examples seen" in visitor.text(), "the other axis")
    visitor.main.get_by_text("linear", exact=True).click()
    visitor.until(lambda: "scale=linear" in visitor.page.url, "the other scale")
    visitor.main.get_by_text("slow", exact=True).click()
    visitor.until(lambda: "speed=slow" in visitor.page.url, "the other speed")
    after = visitor.status()
    assert after.state == "Training live" and after.update >= before.update
    visitor.reached(after.update + 3)
    assert not visitor.alerts() and len(visitor.curves()) == 1


def test_a_run_survives_some_seconds_without_a_network(visitors, server, wires):
    wire = wires(server.port)
    visitor = visitors(port=wire.port).open(f"/?{ONE}&speed=medium&steps=5000&seed=4")
    visitor.press("Start")
    before = visitor.reached(20)
    wire.cut()
    visitor.page.wait_for_selector("[data-testid=stApp]:not([data-test-connection-state=CONNECTED])")
    visitor.wait(3)
    seen = visitor.status()
    wire.mend()
    visitor.settled_again()
    after = visitor.reached(seen.update + 20)
    assert after.state == "Training live" and after.seed == before.seed == 4
    visitor.press("Pause")
    visitor.says("Paused")
    updates = [int(row.split(",")[1]) for row in visitor.csv().split("\n")[1:]]
    assert updates == list(range(len(updates))) and updates[-1] >= after.update, "no gap"
    visitor.errors.clear()  # the browser says that it could not connect


def test_the_chart_is_drawn_on_and_never_replaced(visitor):
    visitor.open(f"/?cell=lstm,gru&hidden_size=16&speed=medium&steps=5000&{ONE.split('&')[-1]}")
    visitor.press("Start")
    visitor.reached(3)
    visitor.wait(0.5)
    visitor.page.evaluate(
        """() => {
            const chart = document.querySelector('[data-testid=stVegaLiteChart]');
            window.seen = {chart, svg: chart.querySelector('svg'), lost: 0, drawn: 0};
            const watch = new MutationObserver(changes => {
                for (const change of changes) for (const node of change.removedNodes)
                    if (node === seen.svg || (node.contains && node.contains(seen.chart))) seen.lost++;
            });
            watch.observe(document.body, {childList: true, subtree: true});
            const line = new MutationObserver(() => seen.drawn++);
            line.observe(seen.svg, {attributes: true, subtree: true, attributeFilter: ['d']});
        }"""
    )
    start = visitor.update()
    visitor.until(lambda: visitor.page.evaluate("() => seen.drawn") >= 20, "20 drawings of the curve")
    kept = visitor.page.evaluate(
        """() => ({lost: seen.lost, drawn: seen.drawn, live: seen.chart.isConnected && seen.svg.isConnected,
            same: document.querySelector('[data-testid=stVegaLiteChart] svg') === seen.svg})"""
    )
    assert kept["lost"] == 0 and kept["live"] and kept["same"] and kept["drawn"] >= 20, kept
    assert visitor.update() > start + 19


def test_what_does_not_move_stays_on_the_screen(visitor):
    visitor.open(SLOW)
    visitor.press("Start")
    visitor.reached(1)
    visitor.page.evaluate(
        """() => {
            const parts = ['[data-testid=stVegaLiteChart] svg', '.where', '.figures', '.answers'];
            window.seen = {looks: 0, missing: []};
            setInterval(() => {
                seen.looks++;
                for (const part of parts) if (!document.querySelector(part)) seen.missing.push(part);
            }, 50);
        }"""
    )
    start = visitor.update()
    visitor.reached(start + 6)  # about as many updates as refreshes: some refreshes have nothing new to show
    seen = visitor.page.evaluate("() => seen")
    assert seen["looks"] > 20 and not seen["missing"], seen


# --- several visitors -------------------------------------------------------------------------------------


def test_two_visitors_do_not_see_each_other(visitors, trained_alone):
    here, there = visitors(), visitors()
    here.open("/?cell=lstm&speed=medium&steps=150&seed=11")
    there.open("/?cell=gru&speed=medium&steps=150&seed=22")
    recorded = there.curves()
    here.press("Start")
    assert here.reached(5).seed == 11
    here.press("Pause")
    paused = here.says("Paused")
    assert there.status() is None and there.curves() == recorded
    there.press("Start")
    assert there.reached(5).seed == 22
    assert here.status() == paused and paused.seed == 11
    here.press("Resume")
    here.says("Finished", 150)
    there.says("Finished", 150)
    assert here.csv() == trained_alone(cell="lstm", steps="150", seed="11")
    assert there.csv() == trained_alone(cell="gru", steps="150", seed="22")


def test_a_drawer_does_not_move_its_buttons_while_parts_of_it_are_still_on_their_way(visitor):
    """A button that moves between pressing and letting go is not clicked."""
    visitor.open(f"/?{ONE}")
    late = []
    visitor.page.route("**/static/js/**", lambda part: late.append(part))
    drawer = visitor.drawer("Share and save")
    button, link = drawer.get_by_role("button", name="Make files"), drawer.get_by_test_id("stCode")
    button.wait_for()
    visitor.until(lambda: late, "a request for what draws the link")
    assert not link.count()
    before = button.bounding_box()
    for part in late:
        part.continue_()
    visitor.page.unroute("**/static/js/**")
    link.wait_for()
    assert button.bounding_box() == before


def test_a_drawer_never_shrinks_while_it_opens(visitor):
    visitor.open(f"/?{ONE}")
    heights = visitor.page.evaluate(
        """async () => {
            const drawer = [...document.querySelectorAll('[data-testid=stSidebar] details')].at(-1);
            const seen = [], began = performance.now(), next = new MessageChannel();
            drawer.querySelector('summary').click();
            await new Promise(done => {
                next.port1.onmessage = () => {  // far more often than a frame is drawn
                    const height = drawer.getBoundingClientRect().height;
                    if (height !== seen.at(-1)) seen.push(height);
                    performance.now() - began < 2500 ? next.port2.postMessage(0) : done();
                };
                next.port2.postMessage(0);
            });
            return seen;
        }"""
    )
    assert len(heights) > 1 and heights == sorted(heights)
    drawer = visitor.drawer("Share and save")
    drawer.locator("summary").click()
    drawer.get_by_role("button", name="Make files").wait_for(state="hidden")


@pytest.mark.parametrize("width", [1280, 390])
def test_nothing_moves_when_the_chart_comes(visitors, width):
    """What draws it is large and comes late; what stands below must not jump then."""
    visitor = visitors(viewport={"width": width, "height": 900})
    late = []
    visitor.page.route("**/static/js/*Vega*", lambda part: late.append(part))
    visitor.page.goto(visitor.url)
    axes = visitor.main.locator(".st-key-axes")
    axes.wait_for()
    visitor.page.wait_for_selector("[data-test-script-state=notRunning]")
    visitor.until(lambda: late and visitor.main.get_by_test_id("stSkeleton").count() == 1, "all but the chart")
    visitor.page.evaluate("document.fonts.ready")
    assert not visitor.page.locator("[data-testid=stVegaLiteChart]").count()
    before = axes.bounding_box()["y"]
    for part in late:
        part.continue_()
    visitor.page.unroute("**/static/js/*Vega*")
    visitor.settled()
    visitor.wait(0.5)
    assert axes.bounding_box()["y"] == before


def test_a_download_arrives_while_others_watch_their_runs(visitors):
    """Streamlit forgets a file made on demand after two script runs of anybody; every tick is one."""
    crowd = [visitors().open(SLOW) for _ in range(4)]
    for visitor in crowd:
        visitor.press("Start")
    here = visitors().open(SLOW)
    here.press("Step")
    here.says("Paused", 1)
    for _ in range(6):
        assert here.csv().startswith("cell,update,")
    for visitor in crowd:
        assert visitor.status().state == "Training live"


# --- a phone ----------------------------------------------------------------------------------------------


def test_everything_stands_in_its_place(visitor):
    visitor.open("/")
    places = {
        "chart": "[data-testid=stVegaLiteChart]", "line": ".where", "axes": ".st-key-axes", "words": ".below",
        "example": ".example-picture", "answers": ".side ol.answers", "question": ".st-key-ask-box",
    }  # fmt: skip

    def standing():
        """Return where everything stands at one moment, once it stands still."""
        first, then = ({name: visitor.main.locator(where).first.bounding_box() for name, where in places.items()}
                       for _ in range(2))  # fmt: skip
        return first if first == then else None

    boxes = visitor.until(standing, "a page that stands still")
    left = [boxes[name] for name in ("line", "chart", "axes", "words")]
    assert all(above["y"] + above["height"] <= below["y"] for above, below in itertools.pairwise(left))
    assert all(boxes[name]["x"] > boxes["chart"]["x"] + boxes["chart"]["width"] for name in ("example", "answers"))
    question = boxes["question"]
    assert abs(boxes["line"]["y"] - question["y"]) < 2 and question["y"] < boxes["example"]["y"] < boxes["answers"]["y"]


def test_a_phone_can_use_the_page(visitors):
    visitor = visitors(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True).open(SLOW)
    start = visitor.button("Start")
    box = start.bounding_box()
    assert box["x"] >= 0 and box["x"] + box["width"] <= 390 and box["y"] + box["height"] <= 844
    start.tap()
    visitor.reached(2)
    wide = visitor.page.evaluate(
        """() => [document.documentElement, ...['stApp', 'stMain', 'stMainBlockContainer'].map(
            name => document.querySelector(`[data-testid=${name}]`))].map(e => e.scrollWidth)"""
    )
    assert max(wide) <= 390
    names = [visitor.button(name).inner_text() for name in ("Pause", "Step", "Reset", "New seed")]
    assert all("…" not in name for name in names)


# --- when training goes wrong -----------------------------------------------------------------------------


def test_divergence_is_explained_and_can_be_undone(visitor):
    visitor.open("/?optimizer=sgd&lr=10&clip_norm=0&cell=rnn,lstm")
    visitor.press("Start")
    box = visitor.page.locator(".st-key-diverged")
    box.wait_for()
    said = box.inner_text()
    assert "diverged at update" in said and "gradient norm" in said and "Clipping gradients at 1" in said
    stopped = visitor.says("Stopped")
    box.get_by_role("button", name="Back to the last good state").click()
    box.wait_for(state="detached")
    back = visitor.until(lambda: (s := visitor.status()) and s.state in ("Ready", "Paused") and s)
    assert back.update <= stopped.update
    visitor.slide("Training", "Learning rate", "Home")  # the smallest: now it must hold
    visitor.until(lambda: "lr=1e-06" in visitor.page.url, "the smallest learning rate")
    visitor.press("Start")
    visitor.reached(back.update + 20)
    assert not box.count()


# --- saving and loading -----------------------------------------------------------------------------------

SAVED = {"cell": "rnn,gru", "hidden_size": "16", "batch_size": "8", "steps": "120", "seed": "5"}
NAME = "rnn-playground.safetensors"


def test_a_saved_run_goes_on_in_another_browser_as_if_nothing_had_happened(visitors, trained_alone):
    here = visitors().open("/?speed=medium&" + "&".join(f"{k}={v}" for k, v in SAVED.items()))
    here.press("Start")
    here.reached(15)
    here.press("Pause")
    paused = here.says("Paused")
    saved = here.download("Save model")
    assert len(saved) > 1000, f"the saved file has {len(saved)} bytes"

    there = visitors().open("/")
    there.upload(NAME, saved)
    there.says("Paused", paused.update)
    assert there.status().seed == 5
    there.until(lambda: "hidden_size=16" in there.page.url, "the set-up of the file in the address")
    there.press("Resume")
    there.says("Finished", 120)
    assert there.csv() == trained_alone(**SAVED)


@pytest.fixture(scope="module")
def genuine():
    """A file as the app would save it."""
    from playground.race.setup import read_setup
    from rnncore.files import checkpoints
    from rnncore.training.race import Race

    race = Race.of(read_setup(SAVED)[0].configs)
    for run in race.runs:
        run.advance(steps=12)
    return checkpoints.save(race.runs)


def test_a_genuine_file_is_loaded_and_goes_on(visitor, genuine, trained_alone):
    visitor.open("/")
    visitor.upload(NAME, genuine)
    visitor.says("Paused", 12)
    visitor.press("Resume")
    visitor.says("Finished", 120)
    assert visitor.csv() == trained_alone(**SAVED)


def with_a_weight_that_is_no_number(data: bytes) -> bytes:
    length = int.from_bytes(data[:8], "little")
    header = json.loads(data[8 : 8 + length])
    name = next(name for name in header if name.startswith("0.model."))
    start = 8 + length + header[name]["data_offsets"][0]
    return data[:start] + b"\xff\xff\xff\xff" + data[start + 4 :]


@pytest.mark.parametrize("damage", ["text", "truncated", "empty", "garbled"])
def test_a_bad_file_gives_one_sentence_and_keeps_the_desk(visitor, genuine, damage):
    data = {
        "text": b"this is no model\n" * 40,
        "truncated": genuine[: len(genuine) // 2],
        "empty": b"",
        "garbled": with_a_weight_that_is_no_number(genuine),
    }[damage]
    visitor.open(SLOW)
    visitor.press("Step")
    visitor.says("Paused", 1)
    visitor.upload(NAME, data)
    (said,) = visitor.until(visitor.alerts, "a sentence about the file")
    said = said.removeprefix("info").strip()
    assert said.endswith(".") and "\n" not in said and len(said) < 300, said
    assert visitor.says("Paused", 1).seed == 0
    visitor.press("Resume")
    visitor.reached(3)
