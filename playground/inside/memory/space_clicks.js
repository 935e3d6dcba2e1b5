// Clicks on points of three-dimensional charts, of which Streamlit tells nothing. Plotly says which point lies under the
// pointer; a press that lets go where it began is a click, one that moves has turned the space. Where it is seen from is
// told, so that the next picture is seen from there. Plotly is asked anew whenever the pointer comes to a chart, so charts
// may be redrawn or replaced.
const STILL = 6, SETTLES = { mouse: 90, pen: 90, touch: 400 };  // pixels; milliseconds until Plotly has said so

export default function ({ data, parentElement, setTriggerValue }) {
  const seen = parentElement.seen ||= { spot: null, down: null };
  const hovered = event => { seen.spot = event?.points?.[0]?.customdata ?? null; };
  const left = () => { seen.spot = null; };
  const turned = event => {
    const camera = event?.["scene.camera"], number = data.charts.findIndex(each => listening?.closest(each));
    if (camera && number >= 0) {
      const numbers = ["eye", "center", "up"].flatMap(part => ["x", "y", "z"].map(axis => camera[part][axis]));
      setTriggerValue("turned", [number, ...numbers]);
    }
  };
  const events = { plotly_hover: hovered, plotly_click: hovered, plotly_unhover: left, plotly_relayout: turned };
  const chartOf = event => event.target.closest?.(data.charts.join(", "))?.querySelector(".js-plotly-plot");
  let listening = null;
  const leave = () => {
    for (const [name, hear] of Object.entries(events)) listening?.removeListener?.(name, hear);
    listening = null;
  };
  const listen = event => {
    const chart = chartOf(event);
    if (!chart?.on) return;
    if (chart !== listening) seen.spot = null;
    leave();
    for (const [name, hear] of Object.entries(events)) chart.on(name, hear);
    listening = chart;
  };
  const press = event => {
    listen(event);
    seen.down = event.isPrimary && event.button === 0 && chartOf(event) ? event : null;
  };
  const release = event => {
    const down = seen.down, chart = listening;
    seen.down = null;
    if (!down || down.pointerId !== event.pointerId) return;
    if (Math.hypot(event.clientX - down.clientX, event.clientY - down.clientY) > STILL) return;
    setTimeout(() => {
      if (seen.spot && chart.isConnected) setTriggerValue("point", [...seen.spot]);
    }, SETTLES[event.pointerType] || SETTLES.mouse);
  };
  const heard = { pointerover: listen, pointerdown: press, pointerup: release };
  for (const [name, hear] of Object.entries(heard)) document.addEventListener(name, hear, true);
  return () => {
    for (const [name, hear] of Object.entries(heard)) document.removeEventListener(name, hear, true);
    leave();
  };
}
