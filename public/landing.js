// The landing page's script: the slider of the demonstration, copying, and the bar that gets lower. The page is whole without it.
"use strict";

/** Asks the server for each percentage once, one question at a time: while one is on its way, the newest waits. */
function follow(demo) {
  const slider = demo.querySelector("#percent");
  const people = [...demo.querySelectorAll("[data-user]")];
  const ticks = [...demo.querySelectorAll(".tick")];
  const failed = demo.querySelector("#rollout-failed");
  const known = new Map();
  let wanted = Number(slider.value);
  let asking = false;

  async function ask() {
    if (asking) return;
    asking = true;
    let percent = null;
    try {
      while (percent !== wanted) {
        percent = wanted;
        if (!known.has(percent)) known.set(percent, await load(percent));
        if (percent === wanted) show(known.get(percent));
      }
      failed.textContent = "";
    } catch {
      failed.textContent = "The server does not answer. What is shown is its last answer; move the slider to try again.";
    } finally {
      asking = false;
    }
  }

  async function load(percent) {
    const answer = await fetch(`/demo/rollout?percent=${percent}`);
    if (!answer.ok) throw new Error(String(answer.status));
    return answer.json();
  }

  function show(rollout) {
    const path = `/demo/rollout?percent=${rollout.percent}`;
    const asked = demo.querySelector("#rollout-asked");
    asked.href = path;
    asked.textContent = `GET ${path}`;
    demo.querySelector("#rollout-count").textContent = `${rollout.enabled} of ${rollout.people.length} people`;
    const enabled = new Map(rollout.people.map((person) => [person.userId, person.enabled]));
    people.forEach((cell, place) => {
      const isIn = enabled.get(cell.dataset.user) === true;
      cell.dataset.in = String(isIn);
      cell.querySelector("[data-word]").textContent = isIn ? " is in" : " is out";
      ticks[place].dataset.in = String(isIn);
    });
  }

  /** What the hand moves follows at once; who is in is the server's word. */
  function move(percent) {
    wanted = percent;
    slider.value = String(percent);
    demo.querySelector("#rollout-percent").textContent = `${percent} %`;
    demo.querySelector("#rollout-reach").setAttribute("width", String(percent * 10));
    for (const step of demo.querySelectorAll("[data-percent]")) {
      step.setAttribute("aria-current", String(Number(step.dataset.percent) === percent));
    }
    ask();
  }

  function keep() {
    history.replaceState(null, "", `/?percent=${slider.value}#rollout`);
  }

  slider.addEventListener("input", () => move(Number(slider.value)));
  slider.addEventListener("change", keep);
  demo.querySelector("form").addEventListener("submit", (event) => event.preventDefault());
  demo.addEventListener("click", (event) => {
    const step = event.target.closest("[data-percent]");
    if (!step || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    move(Number(step.dataset.percent));
    keep();
  });
  tell(demo, people);
  // A page that comes back from the browser's history may have another value in its slider than in its text.
  if (demo.querySelector("#rollout-percent").textContent.trim() !== `${slider.value} %`) move(Number(slider.value));
}

/** Shows the bucket of whom the pointer is at, or who was touched. */
function tell(demo, people) {
  const line = demo.querySelector("#rollout-person");
  const grouped = new Intl.NumberFormat("en", { maximumFractionDigits: 0 });
  let last = null;
  for (const cell of people) cell.removeAttribute("title");
  const point = (event) => {
    const cell = event.target.closest("[data-user]");
    if (!cell) return;
    if (last) delete last.dataset.shown;
    last = cell;
    cell.dataset.shown = "true";
    const { user, bucket } = cell.dataset;
    const from = Math.floor(Number(bucket) / 1000) + 1;
    const at = grouped.format(Number(bucket)).replaceAll(",", "\u202f");
    line.textContent = `${user}: md5("${demo.dataset.flag}:${user}") is bucket ${at} of 100\u202f000, in from ${from} % on.`;
  };
  demo.addEventListener("pointerover", point);
  demo.addEventListener("pointerdown", point);
}

function copies(button) {
  button.hidden = false;
  button.addEventListener("click", async () => {
    const code = button.parentElement.querySelector("code").textContent;
    try {
      await navigator.clipboard.writeText(code);
      button.textContent = "Copied";
    } catch {
      button.textContent = "Not allowed";
    }
    setTimeout(() => (button.textContent = "Copy"), 2000);
  });
}

const demo = document.querySelector("#rollout");
if (demo) follow(demo);
if (navigator.clipboard) for (const button of document.querySelectorAll(".copy")) copies(button);

const mark = document.querySelector("#top");
const bar = document.querySelector(".landing-bar");
if (mark && bar) {
  new IntersectionObserver(([seen]) => bar.toggleAttribute("data-scrolled", !seen.isIntersecting)).observe(mark);
}
