// The desk: its navigation on narrow screens, copy buttons, showing the stream key, and the part of the page that follows what is on the air.
const REFRESH = 2000; // ms

// On a narrow screen the places stand in one row that scrolls: the present one is brought into view.
const places = document.querySelector(".desk-nav");
const here = places?.querySelector("[aria-current]");
if (here && places.scrollWidth > places.clientWidth) {
  places.scrollLeft = here.offsetLeft - (places.clientWidth - here.offsetWidth) / 2;
}

for (const button of document.querySelectorAll("[data-copy]")) {
  button.addEventListener("click", async () => {
    const field = document.getElementById(button.dataset.copy);
    const copied = await copy(field);
    const words = button.querySelector("span");
    words.textContent = copied ? "已复制" : "请手动复制";
    document.querySelector("[data-copied]").textContent = words.textContent;
    setTimeout(() => {
      words.textContent = "复制";
    }, 2500);
  });
}

// navigator.clipboard exists on https and on this machine only; elsewhere the old command still works.
async function copy(field) {
  try {
    await navigator.clipboard.writeText(field.value);
    return true;
  } catch {
    // What is hidden cannot be selected; a text area's type cannot be set.
    const isHidden = field.type === "password";
    if (isHidden) field.type = "text";
    field.select();
    const done = document.execCommand("copy");
    if (isHidden) field.type = "password";
    return done;
  }
}

for (const button of document.querySelectorAll("[data-reveal]")) {
  button.addEventListener("click", () => {
    const field = document.getElementById(button.dataset.reveal);
    const isShown = field.type === "password";
    field.type = isShown ? "text" : "password";
    button.setAttribute("aria-pressed", String(isShown));
    button.querySelector("span").textContent = isShown ? "隐藏" : "显示";
  });
}

for (const part of document.querySelectorAll("[data-refresh]")) {
  let last = part.innerHTML;
  setInterval(async () => {
    if (document.visibilityState !== "visible") return;
    const answer = await fetch(part.dataset.refresh, { cache: "no-store" }).catch(() => null);
    if (!answer || !answer.ok || answer.redirected) return;
    const html = await answer.text();
    if (html === last || part.contains(document.activeElement)) return;
    last = html;
    part.innerHTML = html;
  }, REFRESH);
}
