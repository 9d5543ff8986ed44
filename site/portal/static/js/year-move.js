// Moving a lecture: what stands against days and units follows the choice. Without this script a button asks anew.
const form = document.querySelector("[data-move]");
const AFTER = 250; // ms without another key press, before it is asked for
let waiting = 0;
let asked = 0;

const choice = (name) => form.querySelector(`[name=${name}]:checked, input[type=time][name=${name}]`)?.value ?? "";

async function refresh(changed) {
  const number = ++asked;
  const query = new URLSearchParams({ day: choice("day"), time: choice("time"), unit: choice("unit") });
  const month = new URLSearchParams(location.search).get("month");
  if (month) query.set("month", month);
  const answer = await fetch(`${form.dataset.move}?${query}`, { cache: "no-store" }).catch(() => null);
  if (!answer?.ok || answer.redirected || number !== asked) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  // The list that is being walked through stays as it is, with the keyboard in it; the other one follows.
  const other = changed === "day" ? "units" : "days";
  const fresh = page.getElementById(other);
  if (!fresh) return;
  const time = choice("time");
  const shown = document.getElementById(other);
  const groups = [...shown.querySelectorAll("details")].map((each) => each.open);
  shown.replaceWith(document.adoptNode(fresh));
  for (const [place, each] of fresh.querySelectorAll("details").entries()) each.open ||= groups[place] ?? false;
  if (other === "days") form.querySelector("[name=time]").value = time;
  hideButton();
  tell(form.querySelector("[name=day]:checked"));
}

function hideButton() {
  for (const button of form.querySelectorAll("[data-look]")) button.hidden = true;
}

// What is to be known of one day, in words beneath the month: of the chosen one, or of one that cannot be chosen.
function tell(input) {
  const place = form.querySelector("[data-told]");
  const words = document.getElementById(input?.getAttribute("aria-describedby"));
  const [year, month, day] = (input?.value ?? "").split("-").map(Number);
  if (place && year) place.textContent = `${month}月${day}日：${words?.textContent ?? "可以安排。"}`;
}

if (form) {
  hideButton();
  tell(form.querySelector("[name=day]:checked"));
  form.addEventListener("click", (event) => {
    const input = event.target.closest(".day-cell")?.querySelector("input:disabled");
    if (input) tell(input);
  });
  form.addEventListener("change", (event) => {
    if (!["day", "unit"].includes(event.target.name)) return;
    if (event.target.name === "day") tell(event.target);
    clearTimeout(waiting);
    waiting = setTimeout(refresh, AFTER, event.target.name);
  });
}
