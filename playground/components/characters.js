// Characters come as data and are put on the page as text, never as markup. Arrow keys step while the text has focus.
export default function ({ data, parentElement, setTriggerValue }) {
  let paper = parentElement.querySelector(".paper");
  if (!paper) {
    paper = document.createElement("div");
    paper.className = "paper box clickable";
    paper.tabIndex = 0;
    paper.setAttribute("role", "group");
    parentElement.appendChild(paper);
  }
  paper.setAttribute("aria-label", data.label);
  const parts = [document.createTextNode(data.before)];
  data.characters.forEach(([text, shade, hover], i) => {
    const each = document.createElement("i");
    each.textContent = text;
    each.title = hover;
    each.className = shade + (i + 1 === data.at ? " chosen" : "");
    each.dataset.at = i + 1;
    parts.push(each);
  });
  paper.replaceChildren(...parts);
  const chosen = paper.querySelector(".chosen");
  if (chosen) {  // only the text is scrolled, never the page
    const inside = paper.getBoundingClientRect(), place = chosen.getBoundingClientRect();
    if (place.top < inside.top || place.bottom > inside.bottom) {
      paper.scrollTop += (place.top + place.bottom - inside.top - inside.bottom) / 2;
    }
  }
  const choose = at => {
    if (at >= 1 && at <= data.characters.length && at !== data.at) setTriggerValue("at", at);
  };
  paper.onclick = event => choose(Number(event.target.dataset.at));
  paper.onkeydown = event => {
    const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (step) { event.preventDefault(); choose(data.at + step); }
  };
}
