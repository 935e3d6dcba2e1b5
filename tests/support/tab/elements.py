"""What a page shows: the tree of elements that a Streamlit server describes, and the values of its widgets."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from streamlit.proto.Delta_pb2 import Delta
from streamlit.proto.NumberInput_pb2 import NumberInput
from streamlit.proto.Slider_pb2 import Slider
from streamlit.proto.WidgetStates_pb2 import WidgetState, WidgetStates

TRIGGERS = frozenset({"button", "download_button"})

# the field of WidgetState in which the browser sends the value of each kind of widget
VALUE_FIELDS = {
    "button_group": "string_array_value",
    "checkbox": "bool_value",
    "color_picker": "string_value",
    "multiselect": "string_array_value",
    "number_input": "double_value",
    "radio": "string_value",
    "selectbox": "string_value",
    "slider": "double_array_value",
    "text_area": "string_value",
    "text_input": "string_value",
}


@dataclass(slots=True)
class Node:
    """One place of the page: an element or a block, and the script run that put it there."""

    kind: str
    proto: Any
    run: str
    fragment: str

    @property
    def id(self) -> str:
        """The widget's id, empty for what is not a widget."""
        return getattr(self.proto, "id", "")

    @property
    def key(self) -> str:
        """The `key=` of the widget, the last part of its id; "None" where it has none."""
        return self.id.split("-", maxsplit=2)[-1]

    @property
    def options(self) -> list[str]:
        """The choices of a select box, radio, pills or segmented control, as the browser sends them."""
        if self.kind == "button_group":
            return [f"{option.content_icon} {option.content}".strip() for option in self.proto.options]
        return list(self.proto.options)


@dataclass
class Elements:
    """The current page, kept up to date from deltas, with the widget values a browser would send."""

    nodes: dict[tuple[int, ...], Node] = field(default_factory=dict)
    values: dict[str, WidgetState] = field(default_factory=dict)

    def apply(self, path: tuple[int, ...], delta: Delta, run: str) -> None:
        """Put an element or a block in its place, as one delta says; a new element replaces a whole subtree."""
        shape = delta.WhichOneof("type")
        if shape == "new_transient":
            return
        block = shape == "add_block"
        if block:
            node = Node("block", delta.add_block, run, delta.fragment_id)
        else:
            kind = delta.new_element.WhichOneof("type") or "empty"
            node = Node(kind, getattr(delta.new_element, kind), run, delta.fragment_id)
        old = self.nodes.get(path)
        if old is not None and old.kind == "block" and not block:
            self._drop(lambda place, _: place[: len(path)] == path)
        self.nodes[path] = node
        if node.kind in VALUE_FIELDS:
            self._mount(node)

    def finish(self, run: str, fragments: list[str]) -> None:
        """Remove what a finished script run, or the fragments it was about, did not draw again."""
        if fragments:
            self._drop(lambda _, node: node.fragment in fragments and node.run != run)
        else:
            self._drop(lambda _, node: node.run != run)
        alive = {node.id for node in self.nodes.values()}
        self.values = {name: value for name, value in self.values.items() if name in alive}

    def find(self, name: str) -> Node:
        """Return the widget with this key or, failing that, this label."""
        widgets = list(self.widgets())
        for matches in (lambda node: node.key == name, lambda node: node.proto.label == name):
            for node in widgets:
                if matches(node):
                    return node
        shown = ", ".join(sorted({node.proto.label for node in widgets}))
        raise LookupError(f"The page has no widget '{name}', only: {shown or 'none'}.")

    def has(self, name: str) -> bool:
        """Tell whether the page has a widget with this key or label."""
        return any(name in (node.key, node.proto.label) for node in self.widgets())

    def widgets(self) -> Iterator[Node]:
        """Return the widgets this client knows how to use."""
        return (node for node in self.nodes.values() if node.kind in VALUE_FIELDS or node.kind in TRIGGERS)

    def of_kind(self, *kinds: str) -> list[Node]:
        """Return the elements of some kinds in the order of the page."""
        return [node for _, node in sorted(self.nodes.items(), key=lambda item: item[0]) if node.kind in kinds]

    def texts(self) -> Iterator[str]:
        """Return the text of everything that is only read: HTML, Markdown, captions, plain text."""
        return (node.proto.body for node in self.nodes.values() if node.kind in ("html", "markdown", "text"))

    def value(self, node: Node) -> Any:
        """Return the value a widget has now; None where it has none."""
        state = self.values.get(node.id)
        if state is None:
            return None
        value = getattr(state, _value_field(node))
        return list(value.data) if hasattr(value, "data") else value

    def put(self, node: Node, value: Any) -> None:
        """Give a widget a value, as a visitor does."""
        state = WidgetState(id=node.id)
        name = _value_field(node)
        if name.endswith("array_value"):
            getattr(state, name).data.extend(value if isinstance(value, (list, tuple)) else [value])
            getattr(state, name).SetInParent()
        else:
            setattr(state, name, value)
        self.values[node.id] = state

    def is_default(self, node: Node) -> bool:
        """Tell whether a widget has the value it starts with."""
        default, value = _ORIGINS[node.kind](node, "default"), self.value(node)
        return value == (default if isinstance(value, list) == isinstance(default, list) else [default])

    def states(self, pressed: str | None = None) -> WidgetStates:
        """Return what a browser sends with a rerun: every widget's value, and the button just pressed."""
        states = WidgetStates(widgets=self.values.values())
        if pressed is not None:
            states.widgets.add(id=pressed, trigger_value=True)
        return states

    def _drop(self, condemned: Callable[[tuple[int, ...], Node], bool]) -> None:
        self.nodes = {path: node for path, node in self.nodes.items() if not condemned(path, node)}

    def _mount(self, node: Node) -> None:
        """Take the value the server sets; else keep the visitor's; else start with the default."""
        if node.proto.set_value:
            value = _ORIGINS[node.kind](node, "value")
        elif node.id in self.values:
            return
        else:
            value = _ORIGINS[node.kind](node, "default")
        if value is None:
            self.values.pop(node.id, None)
        else:
            self.put(node, value)


def _value_field(node: Node) -> str:
    if node.kind == "slider" and node.proto.type == Slider.SELECT_SLIDER:
        return "string_array_value"
    if node.kind == "number_input" and node.proto.data_type == NumberInput.INT:
        return "int_value"
    return VALUE_FIELDS[node.kind]


def _plain(node: Node, source: str) -> Any:
    """Read a value kept as such: number, text, tick."""
    if node.proto.DESCRIPTOR.fields_by_name[source].has_presence and not node.proto.HasField(source):
        return None
    value = getattr(node.proto, source)
    return int(value) if _value_field(node) == "int_value" else value


def _choice(node: Node, source: str) -> Any:
    """Read one choice: its text where the server sets it, its position where it is the default."""
    if source == "value":
        return node.proto.raw_value if node.proto.HasField("raw_value") else None
    return node.options[node.proto.default] if node.proto.HasField("default") and node.options else None


def _choices(node: Node, source: str) -> Any:
    """Read any number of choices, in the same two ways."""
    return list(node.proto.raw_values) if source == "value" else [node.options[i] for i in node.proto.default]


def _slider(node: Node, source: str) -> Any:
    """Read a slider: numbers, or for a select slider the texts of its options."""
    if node.proto.type != Slider.SELECT_SLIDER:
        return list(getattr(node.proto, source))
    return list(node.proto.raw_value) if source == "value" else [node.options[int(i)] for i in node.proto.default]


_ORIGINS: dict[str, Callable[[Node, str], Any]] = {
    "button_group": _choices,
    "checkbox": _plain,
    "color_picker": _plain,
    "multiselect": _choices,
    "number_input": _plain,
    "radio": _choice,
    "selectbox": _choice,
    "slider": _slider,
    "text_area": _plain,
    "text_input": _plain,
}
