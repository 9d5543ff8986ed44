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
  document.getElementById(other).replaceWith(document.adoptNode(fresh));
  if (other === "days") form.querySelector("[name=time]").value = time;
  hideButton();
}

function hideButton() {
  for (const button of form.querySelectorAll("[data-look]")) button.hidden = true;
}

if (form) {
  hideButton();
  form.addEventListener("change", (event) => {
    if (!["day", "unit"].includes(event.target.name)) return;
    clearTimeout(waiting);
    waiting = setTimeout(refresh, AFTER, event.target.name);
  });
}
