"""How fast a peer may speak: twenty in ten seconds, a hundred in a minute, then it is told so."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

from chat import frames
from chat.session import Close, Effect, Entry, Session, Store, Tell

NIGHT = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)


def ella() -> Session:
    session = Session("visitor")
    session.receive(frames.Hello(v=1, token="t"), NIGHT)
    session.entered(Entry("c1", "resume", "e1", 0, "08081 570 142"))
    return session


def say(session: Session, second: float) -> Effect:
    """What becomes of one message said this many seconds into the night."""
    frame = frames.Say("c1", str(UUID(int=7)), "hello?")
    return session.receive(frame, NIGHT + timedelta(seconds=second))[-1]


def slowed(effect: Effect) -> float | None:
    match effect:
        case Tell(frames.Error(code="slow_down", after=after)):
            return after
        case _:
            return None


def test_twenty_in_ten_seconds_are_kept_and_the_next_is_told_how_long_to_wait() -> None:
    session = ella()
    assert all(isinstance(say(session, n / 10), Store) for n in range(20))
    assert slowed(say(session, 2.0)) == 8.1
    assert isinstance(say(session, 12.0), Store)


def test_a_hundred_in_a_minute_are_kept_and_the_next_waits_for_the_minute() -> None:
    session = ella()
    assert all(isinstance(say(session, n * 0.55), Store) for n in range(100))
    assert slowed(say(session, 55.0)) is not None
    assert isinstance(say(session, 70.0), Store)


def test_a_flood_is_told_the_number_before_it_is_let_go() -> None:
    session = ella()
    for n in range(60):
        say(session, n / 100)
    told, closed = session.receive(frames.Say("c1", str(UUID(int=7)), "hello?"), NIGHT)
    assert isinstance(told, Tell)
    assert isinstance(told.frame, frames.Error)
    assert (told.frame.code, told.frame.number) == ("slow_down", "08081 570 142")
    assert closed == Close(4029, "slow down")


def test_a_flood_is_let_go() -> None:
    session = ella()
    effects = [say(session, n / 100) for n in range(61)]
    assert not any(isinstance(effect, Close) for effect in effects[:60])
    assert isinstance(effects[60], Close)


def test_a_slower_flood_is_let_go_within_the_minute() -> None:
    session = ella()
    effects = [say(session, n * 0.199) for n in range(301)]
    assert isinstance(effects[300], Close)
    assert not any(isinstance(effect, Close) for effect in effects[:300])


def test_whoever_measures_may_set_another_pace() -> None:
    session = Session("visitor", pace=((1_000_000, timedelta(seconds=10)),))
    session.receive(frames.Hello(v=1, token="t"), NIGHT)
    session.entered(Entry("c1", "resume", "e1", 0, "08081 570 142"))
    assert all(isinstance(say(session, 0), Store) for _ in range(1_000))
