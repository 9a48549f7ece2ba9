// The microphone of the chat: a recording of a minute at most, sent like a photo. Hidden where there is none.
"use strict";

{
  const LONGEST = 60; // seconds
  const KINDS = ["audio/webm;codecs=opus", "audio/mp4", "audio/ogg;codecs=opus"];
  const start = composer.elements.record;
  const stop = composer.elements.leave;
  const shown = composer.elements.recorded;
  const others = [box, composer.querySelector(".attach"), composer.querySelector("button.main")];
  const two = (number) => String(number).padStart(2, "0");
  const clocked = (seconds) => `${Math.floor(seconds / 60)}:${two(seconds % 60)}`;

  let recorder = null;
  let began = 0;
  let ticking = 0;
  let wanted = false; // whether what was recorded is to be sent

  const lasted = () => Math.min(LONGEST, Math.round((performance.now() - began) / 1000));

  function show(recording) {
    others.forEach((part) => { part.hidden = recording; });
    shown.hidden = stop.hidden = !recording;
    start.setAttribute("aria-label", recording ? words.voiceSend : words.voiceStart);
    start.querySelectorAll("svg").forEach((icon, n) => icon.toggleAttribute("hidden", recording === (n === 0)));
    start.classList.toggle("main", recording);
  }

  function tick() {
    shown.textContent = words.voiceTime.replace("{}", clocked(lasted())).replace("{}", clocked(LONGEST));
    if (lasted() >= LONGEST) end(true);
  }

  async function begin() {
    let stream;
    try {
      stream = await navigator.mediaDevices.getUserMedia({ audio: { channelCount: 1 } });
    } catch {
      note(words.voiceRefused);
      return;
    }
    const mimeType = KINDS.find((kind) => MediaRecorder.isTypeSupported(kind));
    recorder = new MediaRecorder(stream, { mimeType, audioBitsPerSecond: 32_000 });
    const parts = [];
    recorder.addEventListener("dataavailable", (event) => parts.push(event.data));
    recorder.addEventListener("stop", () => {
      stream.getTracks().forEach((track) => track.stop());
      const seconds = lasted();
      if (wanted) send({ voice: new Blob(parts, { type: recorder.mimeType }), seconds });
      recorder = null;
    });
    recorder.start();
    began = performance.now();
    show(true);
    tick();
    ticking = setInterval(tick, 500);
  }

  function end(keep) {
    wanted = keep;
    clearInterval(ticking);
    if (recorder?.state === "recording") recorder.stop();
    show(false);
    start.focus();
  }

  if (navigator.mediaDevices?.getUserMedia && window.MediaRecorder && isSecureContext) {
    start.hidden = false;
    start.addEventListener("click", () => (recorder ? end(true) : begin()));
    stop.addEventListener("click", () => end(false));
  }
}
