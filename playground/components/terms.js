// Listens on the document, so that it also serves what is drawn later. When the text around an explained word is
// replaced, focus and bubble pass to the same word in the new text: that with the same explanation and, where several
// have it, at the same place among them. What has only a title (a cell of a grid) shows it to a finger too.
if (!window.rnnPlaygroundTerms) {
  window.rnnPlaygroundTerms = true;
  const bubble = document.createElement("div");
  bubble.id = "explanation";
  bubble.hidden = true;
  bubble.ariaHidden = "true";  // it is read aloud as the word's description
  document.body.append(bubble);
  let word = null, text = "", place = 0, focused = false, closing = 0;
  const of = event => event.target.closest ? event.target.closest(".term") : null;
  const meaning = element => element.getAttribute("aria-description") || element.title;
  const equals = () => [...document.querySelectorAll(".term")].filter(each => meaning(each) === text);
  const put = () => {
    if (bubble.hidden || !word) return;
    const at = word.getBoundingClientRect(), own = bubble.getBoundingClientRect(), gap = 6, edge = 8;
    if (at.bottom < 0 || at.top > innerHeight) return close();
    const below = at.bottom + gap + own.height + edge <= innerHeight || at.top < own.height + gap + edge;
    const left = Math.min(at.left, document.documentElement.clientWidth - own.width - edge);
    bubble.style.left = Math.max(edge, left) + "px";
    bubble.style.top = (below ? at.bottom + gap : at.top - own.height - gap) + "px";
  };
  const follow = new MutationObserver(() => {
    if (!word || word.isConnected) return put();
    const next = equals()[place];
    if (!next) return forget();
    word = next;
    if (focused) word.focus({preventScroll: true});
    put();
  });
  const open = element => {
    clearTimeout(closing);
    word = element;
    text = meaning(element);
    place = Math.max(0, equals().indexOf(element));
    bubble.textContent = text;
    bubble.hidden = false;
    put();
    follow.observe(document.body, {childList: true, subtree: true});
  };
  const close = () => {
    bubble.hidden = true;
    if (!focused) forget();
  };
  const forget = () => {
    word = null;
    focused = false;
    bubble.hidden = true;
    follow.disconnect();
  };
  document.addEventListener("focusin", event => {
    const element = of(event);
    if (element && element === word && focused) return;
    focused = Boolean(element);
    element ? open(element) : forget();
  });
  // also comes when a word in focus is replaced; by the next turn the observer has found the new one
  document.addEventListener("focusout", () => setTimeout(() => {
    if (focused && document.activeElement !== word) forget();
  }));
  document.addEventListener("pointerover", event => {
    const element = of(event);
    if (event.pointerType !== "mouse") return;
    if (bubble.contains(event.target)) clearTimeout(closing);
    else if (element && (!focused || bubble.hidden)) {
      focused = element === document.activeElement;
      open(element);
    }
  });
  document.addEventListener("pointerout", event => {
    if (event.pointerType !== "mouse" || focused || bubble.hidden) return;
    clearTimeout(closing);
    closing = setTimeout(close, 200);
  });
  document.addEventListener("click", event => {
    const titled = event.target.closest("[data-testid=stHtml] [title]");
    if (of(event)) open(of(event));
    else if (titled) open(titled);
  });
  document.addEventListener("pointerdown", event => {
    if (!bubble.contains(event.target) && !of(event)) forget();
  });
  addEventListener("keydown", event => {
    if (event.key === "Escape" && !bubble.hidden) close();
    if (of(event) && (event.code === "Space" || event.key === "Enter")) {
      event.preventDefault();
      open(of(event));
    }
  }, true);
  addEventListener("scroll", put, {capture: true, passive: true});
  addEventListener("resize", put);
}
