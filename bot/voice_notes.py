"""Voice notes of every channel: kept, recognised beside the server, and answered as messages of their own.

A channel hands over a note's message and its sound, or the name under which it can fetch it. Nothing is
lost: a note waits in the database until its words were answered. Nothing is doubled: the words are a message
named after the note.
"""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import partial
from time import monotonic

import structlog

from bot.config import Settings
from bot.delivery import NotSent
from bot.dialogue.message import Message, Voice
from bot.one_turn import Handled
from bot.runner import Runner
from bot.speech.engines import lacking
from bot.speech.recogniser import Recogniser, Said, Unheard
from storage import voice_notes as notes
from storage.answers import Inline
from storage.database import Database
from storage.voice_notes import Recording, Sound, WaitingNote

LARGEST = 20_000_000  # bytes: what Telegram lets a bot download
LONGEST = 60  # seconds
TRIES = 3
PAUSE = dt.timedelta(seconds=5)  # before a note is tried again
POLL = 1.0  # seconds after which it looks anyway: other processes take notes too
AFTER_FAULT = 5.0
HOLD = 20.0  # seconds between two signs that notes are being heard
WORDS_OF = "voice:"  # before a note's id: what was heard in it

Fetch = Callable[[str], Awaitable[bytes]]
"""A note's bytes by its name at the channel, LARGEST and one at most; a NotSent when there are none."""

log = structlog.get_logger()


@dataclass(slots=True)
class VoiceNotes:
    """`take` is the channels', `listen` the task that hears. `fetch`: by channel, for those that name notes.

    `answered` are called after each answer: a channel's delivery is nudged.
    """

    db: Database
    runner: Runner
    recogniser: Recogniser | None
    pause: dt.timedelta = PAUSE
    fetch: dict[str, Fetch] = field(default_factory=dict)
    answered: list[Callable[[], None]] = field(default_factory=list)
    _wake: asyncio.Event = field(default_factory=asyncio.Event)
    _busy: dict[asyncio.Task[None], str] = field(default_factory=dict)  # who hears which note
    _hold_at: float = 0.0

    @property
    def on(self) -> bool:
        """Whether anybody listens."""
        return self.recogniser is not None

    async def take(
        self, message: Message, sound: Sound, size: int = 0, *, inline: Inline = False
    ) -> Handled:
        """A note as it comes: kept for recognition (nothing to say yet), or answered why it is not.

        `message` is a Voice without words; `size` in bytes as the channel says it, 0: not known; `inline`
        as in `Runner.handle`.
        """
        content = message.content
        assert isinstance(content, Voice)
        size = max(size, len(sound.audio or b""))
        if not self.on:
            return await self._refuse(message, "off", inline)
        if content.seconds > LONGEST:
            return await self._refuse(message, "long", inline)
        if size > LARGEST:
            return await self._refuse(message, "long", inline)
        now = dt.datetime.now(dt.UTC)
        taken = await self.db.write(partial(notes.take, message=message, sound=sound, now=now))
        if taken == "many":
            return await self._refuse(message, "many", inline)
        self._wake.set()
        return Handled((), repeated=taken == "known")

    async def _refuse(self, message: Message, problem: str, inline: Inline) -> Handled:
        refused = replace(message, content=Voice(0, problem=problem))
        return await self.runner.handle(refused, inline=inline)

    # Listening

    async def listen(self) -> None:
        """Recognise what waits; ends only when cancelled, and its processes with it."""
        if self.db.url.get_backend_name() == "sqlite":  # the only process: nobody else listens
            await self.db.write(partial(notes.reclaim, now=dt.datetime.now(dt.UTC)))
        try:
            while True:
                self._wake.clear()
                try:
                    await self._hold()
                    await self._begin()
                    await self._tell_places()
                except Exception:
                    log.exception("voice notes not read")
                    await asyncio.sleep(AFTER_FAULT)
                with suppress(TimeoutError):
                    async with asyncio.timeout(POLL):
                        await self._wake.wait()
        finally:
            await self._stop()

    async def _stop(self) -> None:
        for task in self._busy:
            task.cancel()
        await asyncio.gather(*self._busy, return_exceptions=True)
        if self.recogniser is not None:
            await self.recogniser.stop()

    async def _hold(self) -> None:
        """Other processes leave alone what is being heard here; of one that was killed they take it over."""
        if not self._busy or monotonic() < self._hold_at:
            return
        self._hold_at = monotonic() + HOLD
        held = partial(notes.hold, ids=list(self._busy.values()), now=dt.datetime.now(dt.UTC))
        await self.db.write(held)

    async def _begin(self) -> None:
        now = dt.datetime.now(dt.UTC)
        free = (self.recogniser.at_once if self.recogniser else 1) - len(self._busy)
        if free <= 0 or not await self.db.read(partial(notes.waits, now=now)):
            return
        for note in await self.db.write(partial(notes.lease, now=now, most=free)):
            task = asyncio.create_task(self._hear(note))
            self._busy[task] = note.id
            task.add_done_callback(self._heard)

    def _heard(self, task: asyncio.Task[None]) -> None:
        self._busy.pop(task, None)
        self._wake.set()
        if not task.cancelled() and (fault := task.exception()) is not None:
            log.error("voice note not answered", exc_info=fault)

    async def _hear(self, note: WaitingNote) -> None:
        """One note to the end of its answer; what failed on the way is tried again, but not for ever."""
        try:
            audio = note.audio if note.audio is not None else await self._fetched(note)
            said = await self._recognised(audio)
        except (NotSent, Unheard) as fault:
            log.warning("voice note not heard", why=type(fault).__name__, tries=note.tries)
            if note.tries < TRIES:
                at = dt.datetime.now(dt.UTC) + self.pause
                await self.db.write(partial(notes.again, which=note.id, at=at, tries=note.tries))
                return
            problem = "unavailable" if isinstance(fault, NotSent) else "failed"
            await self._answer(note, Voice(note.seconds, problem=problem))
        except asyncio.CancelledError:
            await self._put_back(note)
            raise
        else:
            content = Voice(note.seconds, said.text or None, other=said.other, problem=said.problem)
            await self._answer(note, content, self._recording(audio, said))

    async def _put_back(self, note: WaitingNote) -> None:
        """The server ends: whoever comes next listens to it at once, as if nobody had."""
        now = dt.datetime.now(dt.UTC)
        await self.db.write(partial(notes.again, which=note.id, at=now, tries=note.tries - 1))

    async def _fetched(self, note: WaitingNote) -> bytes:
        fetch = self.fetch.get(note.channel)
        if fetch is None or note.source is None:
            raise NotSent("nobody fetches it")
        return await fetch(note.source)

    async def _recognised(self, audio: bytes) -> Said:
        if self.recogniser is None:
            return Said()
        if len(audio) > LARGEST:
            return Said(problem="long")
        return await self.recogniser.hear(audio)

    def _recording(self, audio: bytes, said: Said) -> Recording | None:
        if not said.text or self.recogniser is None:
            return None
        return Recording(audio, said.text, self.recogniser.engine)

    async def _answer(
        self, note: WaitingNote, content: Voice, kept: Recording | None = None
    ) -> None:
        await self.runner.handle(words_of(note, content))
        await self.db.write(partial(notes.done, note=note, kept=kept))
        self._nudge()

    async def _tell_places(self) -> None:
        """Who has waited for five seconds is told how many are before them, once."""
        now = dt.datetime.now(dt.UTC)
        if not self._busy or not await self.db.read(partial(notes.any_untold, now=now)):
            return
        for note, ahead in await self.db.write(partial(notes.untold, now=now)):
            said = words_of(note, Voice(note.seconds, ahead=ahead))
            await self.runner.handle(replace(said, id=f"{said.id}:place"))
            self._nudge()

    def _nudge(self) -> None:
        for call in self.answered:
            call()


def words_of(note: WaitingNote, content: Voice) -> Message:
    """What was heard, as a message of the moment at which it was spoken."""
    return Message(
        f"{WORDS_OF}{note.id}",
        note.channel,
        note.sender,
        note.sent_at,
        content,
        language=note.language,
    )


def engine_of(settings: Settings) -> str | None:
    """The engine that the settings name; without a setting viet-asr where it is installed."""
    wanted = settings.voice_engine
    if wanted is None and not lacking("viet-asr"):
        wanted = "viet-asr"
    return None if wanted == "off" else wanted


def voice_notes(db: Database, runner: Runner, settings: Settings) -> VoiceNotes:
    """As the settings say; nothing is loaded before the first note."""
    engine = engine_of(settings)
    return VoiceNotes(db, runner, None if engine is None else Recogniser(engine))
