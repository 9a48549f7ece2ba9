// The chat without page loads. Every post keeps its number until it is answered: sent again after a
// failure it is the same message, so that nothing is lost or doubled. Without this file the forms work.
"use strict";

const SLOW = 400; // ms until the dots show
const LONGEST_PAUSE = 30_000; // ms between two tries
const SIDE = 1600; // px: larger photos are made smaller before they are sent
const SUM_SIGNS = ["📝", "✅", "📦", "⚠️"]; // as in bot/channels/web_chat.py
const LEADING_SIGNS = ["📝", "📦", "🎓"];

const client = document.body.dataset.client;
const list = document.querySelector(".messages");
const scroller = document.querySelector("main");
const composer = document.querySelector(".composer");
const box = composer.elements.text;
const words = document.getElementById("words").dataset;
const STAYED = 3000; // after this the page was not left
const place = `lensan.queue.${client}`;

let queue = []; // posts not answered yet, oldest first; photos and recordings last as long as the page
let busy = false;
let pause = 1000;
let timer = 0;
let leaving = false; // another page is being fetched, perhaps made before the answer that comes now

const stamp = (id) => document.getElementById(id).content.firstElementChild.cloneNode(true);
const shownFor = (number) => list.querySelectorAll(`[data-message="${number}"]`);
const startsWith = (text, signs) => signs.some((sign) => text.startsWith(sign));

function keep() {
  if (leaving) return;
  try {
    localStorage.setItem(place, JSON.stringify(queue.filter((post) => !post.photo && !post.voice)));
  } catch { /* private windows may refuse; the page still works */ }
}

function kept() {
  try {
    return JSON.parse(localStorage.getItem(place)) || [];
  } catch {
    return [];
  }
}

// Showing

function scrollDown() {
  scroller.scrollTop = scroller.scrollHeight;
}

function linked(line, into) {
  const whole = line.replace(/(?<=\d) (?=\p{L}{1,2}(?!\p{L}))/gu, "\u00a0"); // a number and its unit
  for (const part of whole.split(/(https?:\/\/[^\s<>"]+)/)) {
    if (!/^https?:/.test(part)) {
      into.append(part);
      continue;
    }
    const link = document.createElement("a");
    link.href = link.textContent = part;
    link.rel = "noopener noreferrer";
    into.append(link);
  }
}

function fill(bubble, text, card) {
  text.split("\n").forEach((line, number) => {
    const span = document.createElement("span");
    if (card && number === 0) span.className = line.length <= 24 ? "sum" : "sum long";
    linked(line, span);
    bubble.append(span);
  });
}

function add(item) {
  list.querySelector(".empty")?.remove();
  const typing = list.querySelector(".typing-row");
  typing ? typing.before(item) : list.append(item);
  scrollDown();
}

function isCard(text, lines) {
  const begins = startsWith(text, SUM_SIGNS) || lines[1]?.startsWith("(");
  return lines.length > 1 && begins && /\d/.test(lines[0]) && lines[0].length <= 48;
}

function showReply(reply, number) {
  const item = stamp("their-bubble");
  const bubble = item.firstElementChild;
  const lines = reply.text.split("\n");
  if (isCard(reply.text, lines)) item.className = "card";
  else if (lines.length >= 4) item.className = "long";
  if (number) item.dataset.message = number;
  fill(bubble, reply.text, isCard(reply.text, lines));
  if (reply.image) bubble.append(pictureOf(reply, lines[0]));
  if (reply.buttons.length) item.append(choicesOf(reply));
  if (reply.explain) item.append(whyOf(reply.explain));
  add(item);
}

function pictureOf(reply, title) {
  const image = document.createElement("img");
  image.className = "photo";
  image.alt = words.photoAlt.replace("{}", title);
  image.addEventListener("load", scrollDown);
  image.src = reply.image;
  return image;
}

function whyOf(address) {
  const link = document.createElement("a");
  link.className = "why";
  link.href = address;
  link.textContent = words.why;
  return link;
}

function choicesOf(reply) {
  const form = document.createElement("form");
  form.className = "choices";
  const leads = startsWith(reply.text, LEADING_SIGNS);
  reply.buttons.forEach((choice, number) => {
    const button = document.createElement("button");
    button.name = "button";
    button.value = choice.id;
    button.textContent = choice.label;
    if (leads && number === 0) button.className = "main";
    form.append(button);
  });
  return form;
}

function showOwn(post) {
  if (post.button) return;
  const item = stamp("own-bubble");
  item.dataset.message = post.message_id;
  fill(item.firstElementChild, post.text || (post.voice ? words.voice : words.photo), false);
  add(item);
  state(post, words.sending);
}

function state(post, said, waiting = false) {
  for (const item of shownFor(post.message_id)) {
    const line = item.querySelector(".state");
    if (!line) continue;
    line.textContent = said;
    line.classList.toggle("waiting", waiting);
  }
}

function note(said) {
  const item = document.createElement("li");
  const line = document.createElement("p");
  line.className = "note";
  line.textContent = said;
  item.append(line);
  add(item);
}

function mark(button) {
  button.classList.remove("main");
  button.classList.add("chosen");
  button.setAttribute("aria-pressed", "true");
}

const clock = () => new Date().toLocaleTimeString(document.documentElement.lang, { hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZone: "Asia/Ho_Chi_Minh" });

// Sending

function newNumber() {
  if (crypto.randomUUID) return crypto.randomUUID(); // https and localhost only
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 15) | 64;
  bytes[8] = (bytes[8] & 63) | 128;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
}

function send(content) {
  const post = { client_id: client, message_id: newNumber(), ...content };
  queue.push(post);
  keep();
  showOwn(post);
  flush();
}

async function flush() {
  if (busy || !queue.length) return;
  busy = true;
  list.setAttribute("aria-busy", "true"); // an answer is read out when it is whole
  clearTimeout(timer);
  const slow = setTimeout(() => { add(stamp("typing")); }, SLOW);
  const outcome = await deliver(queue[0]);
  clearTimeout(slow);
  list.querySelector(".typing-row")?.remove();
  busy = false;
  settle(queue[0], outcome);
  list.setAttribute("aria-busy", String(busy));
}

function settle(post, outcome) {
  if (outcome.again) {
    queue.forEach((each) => state(each, words.waiting, true));
    timer = setTimeout(flush, outcome.again);
    return;
  }
  queue.shift();
  keep();
  pause = 1000;
  state(post, outcome.refused ? "" : clock());
  if (outcome.refused) note(words.refused);
  else outcome.replies.forEach((reply) => showReply(reply, post.message_id));
  flush();
}

async function deliver(post) {
  let response;
  try {
    response = await fetch(placeOf(post), request(post));
    if (response.ok) return await response.json();
  } catch { /* no network, or cut off in the middle */ }
  if (response && response.status < 500 && ![408, 425, 429].includes(response.status) && !response.ok) return { refused: true };
  const asked = Number(response?.headers.get("Retry-After")) * 1000;
  const wait = asked || pause;
  pause = Math.min(pause * 2, LONGEST_PAUSE);
  return { again: wait };
}

function placeOf(post) {
  if (post.voice) return "/chat/voice";
  return post.photo ? "/chat/photos" : "/chat/messages";
}

function request(post) {
  if (!post.photo && !post.voice) return { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(post) };
  const body = new FormData();
  for (const [name, value] of Object.entries(post)) body.append(name, value);
  return { method: "POST", body };
}

async function smaller(photo) {
  try {
    const image = await createImageBitmap(photo);
    const scale = Math.min(1, SIDE / Math.max(image.width, image.height));
    const canvas = document.createElement("canvas");
    canvas.width = Math.round(image.width * scale);
    canvas.height = Math.round(image.height * scale);
    canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
    const blob = await new Promise((done) => canvas.toBlob(done, "image/jpeg", 0.85));
    return blob && blob.size < photo.size ? blob : photo;
  } catch {
    return photo; // what the browser can't read the server looks at
  }
}

// Listening

function grow() {
  if (CSS.supports("field-sizing", "content")) return;
  box.style.height = "auto";
  box.style.height = `${box.scrollHeight + 3}px`;
}

composer.addEventListener("submit", (event) => {
  event.preventDefault();
  const text = box.value.trim();
  if (text) send({ text });
  box.value = "";
  grow();
});

box.addEventListener("input", grow);
box.addEventListener("keydown", (event) => {
  const desktop = matchMedia("(hover: hover) and (pointer: fine)").matches;
  if (event.key !== "Enter" || event.shiftKey || event.isComposing || !desktop) return;
  event.preventDefault();
  composer.requestSubmit();
});

composer.elements.photo.addEventListener("change", async (event) => {
  const [photo] = event.target.files;
  event.target.value = "";
  if (photo) send({ photo: await smaller(photo) });
});

list.addEventListener("submit", (event) => {
  event.preventDefault();
  const button = event.submitter;
  if (button.name === "text") send({ text: button.value });
  else {
    mark(button);
    send({ button: button.value });
  }
});

addEventListener("beforeunload", () => {
  leaving = true; // what is answered meanwhile stays kept: the next page shows it, or asks again
  setTimeout(() => { leaving = false; keep(); }, STAYED);
});
addEventListener("online", flush);
document.addEventListener("visibilitychange", () => { if (!document.hidden) flush(); });

const later = new EventSource(`/chat/events?after=${document.body.dataset.after}`);
later.addEventListener("message", (event) => showReply(JSON.parse(event.data)));

queue = kept().filter((post) => post.client_id === client && !shownFor(post.message_id).length);
keep();
queue.forEach(showOwn);
scrollDown();
flush();
if (matchMedia("(hover: hover) and (pointer: fine)").matches) box.focus();
