// The shop page counts while one types, the order's page looks by itself. Without this file both work.
"use strict";

const LOOK = 10_000; // ms between two looks at an order
const spoken = document.documentElement.lang;
const vnd = new Intl.NumberFormat(spoken);
const plain = new Intl.NumberFormat(spoken, { useGrouping: false, maximumFractionDigits: 2 });

// Ordering

function counting(form) {
  const fields = [...form.querySelectorAll("[data-price]")];
  const total = form.querySelector(".total");
  const quantity = (field) => Number(field.value.trim().replace(",", ".")) || 0;

  function count() {
    const sum = fields.reduce((all, field) => all + Math.round(quantity(field) * field.dataset.price), 0);
    total.hidden = !(sum > 0);
    total.firstElementChild.textContent = form.dataset.sum.replace("{}", vnd.format(sum));
  }

  function stepper(field, by, sign, name) {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = sign;
    button.setAttribute("aria-label", `${name} ${field.labels[0].textContent}`);
    button.addEventListener("click", () => {
      const next = Math.max(0, quantity(field) + by);
      field.value = next ? plain.format(next) : "";
      count();
    });
    return button;
  }

  for (const field of fields) {
    const row = document.createElement("div");
    row.className = "stepper";
    row.append(stepper(field, -1, "−", form.dataset.less), stepper(field, 1, "+", form.dataset.more));
    field.replaceWith(row);
    row.firstElementChild.after(field);
  }
  form.addEventListener("input", count);
  // A second tap on a slow network sends nothing; coming back to the page opens it again.
  form.addEventListener("submit", (sent) => {
    if (form.dataset.sent) sent.preventDefault();
    form.dataset.sent = "1";
  });
  addEventListener("pageshow", () => { delete form.dataset.sent; count(); });
  count();
}

// Looking

function looking() {
  const shown = () => document.querySelector("[data-seen]");
  let timer = 0;

  async function look() {
    clearTimeout(timer);
    if (document.hidden || !("open" in shown().dataset)) return;
    try {
      const answer = await fetch(location.pathname, { cache: "no-store" });
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const fresh = page.querySelector("[data-seen]");
      if (fresh && fresh.dataset.seen !== shown().dataset.seen) renew(fresh);
    } catch { /* without a network the page stays as it is */ }
    timer = setTimeout(look, LOOK);
  }

  // What is read aloud stays in the page, only its words change.
  function renew(fresh) {
    const status = shown().querySelector("[role=status]");
    const words = fresh.querySelector("[role=status]").innerHTML;
    fresh.querySelector("[role=status]").replaceWith(status);
    shown().replaceWith(fresh);
    status.innerHTML = words;
  }

  document.addEventListener("visibilitychange", look);
  timer = setTimeout(look, LOOK);
}

const form = document.querySelector("form.order");
if (form) counting(form);
if (document.querySelector("[data-seen]")) looking();
document.getElementById("wrong")?.focus();
