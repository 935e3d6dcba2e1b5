// Space starts and pauses from anywhere on the page, except where it already means something: on a control in focus.
if (!window.rnnPlaygroundKeys) {
  window.rnnPlaygroundKeys = true;
  window.addEventListener("keydown", event => {
    const own = event.target.closest && event.target.closest("button, summary, a, input, textarea, [role=button]");
    if (event.code === "Space" && own && !own.closest(".st-key-train-start")) event.stopPropagation();
  }, true);
}
